// The editor: each channel's counter, the excess and the fold marked in the text, and the live words of the preview.
import { all, announce, each, on, one, say } from "./dom.js";
import { count, excess, fold } from "./counting.js";

const area = (editor) => one("textarea", editor);
const limitsOf = (counter) => JSON.parse(counter.dataset.limits || "{}");

/** The words that go out where `editor` is an own version: its own, or else the shared ones. */
export function wordsOf(editor) {
  const own = area(editor).value;
  if (own || !editor.hasAttribute("data-own-editor")) return own;
  const shared = one("[data-editor]:not([data-own-editor])", editor.closest("form") ?? document);
  return shared ? area(shared).value : own;
}

function level(used, limit) {
  if (used > limit) return "over";
  return used >= limit * 0.9 ? "near" : "fine";
}

let spoken = 0;
function speak(counter, used, limit) {
  const now = performance.now();
  if (now - spoken < 1000) return;
  spoken = now;
  const key = used > limit ? "over" : "counted";
  announce(say(key, { network: counter.dataset.name, left: limit - used, over: used - limit }));
}

function countOne(counter, text, typed) {
  const limits = limitsOf(counter);
  const limit = Number(counter.dataset.limit) || limits.text;
  const used = count(text, limits.counting);
  const before = counter.dataset.level;
  one("[data-count]", counter).textContent = counter.dataset.limit ? `${used} / ${limit}` : used;
  if (!limit) return -1;
  counter.dataset.level = level(used, limit);
  counter.title = `${used} / ${limit}`;
  const meter = one("meter", counter);
  if (meter) meter.value = Math.min(used / limit, 1.01);
  if (typed && before !== counter.dataset.level && counter.dataset.level !== "fine") speak(counter, used, limit);
  return excess(text, limits.counting, limit);
}

/** A fold in the middle of a mark is shown too: the mark goes on behind it. */
function around(folds, [start, end, ...more]) {
  const cuts = [start, ...folds.filter((at) => start < at && at < end), end];
  return cuts.slice(1).map((cut, place) => [cuts[place], cut, ...more]);
}

/** Splits a text into marked parts: [start, end, tag, attributes], in order and without overlap. */
function paint(box, text, marks) {
  box.textContent = "";
  let at = 0;
  const folds = marks.filter((mark) => mark[2] === "fold").map((mark) => mark[0]);
  const parts = marks.flatMap((mark) => around(folds, mark));
  for (const [start, end, kind, label] of parts.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (start < at) continue;
    box.append(text.slice(at, start));
    const piece = document.createElement(kind === "fold" ? "span" : "mark");
    if (kind === "fold") (piece.className = "fold"), (piece.dataset.label = label);
    else piece.dataset.tone = kind;
    piece.textContent = text.slice(start, end);
    box.append(piece);
    at = end;
  }
  box.append(`${text.slice(at)}\n`);
}

function found(text) {
  const marks = [];
  for (const item of all("[data-mark-text]")) {
    const words = item.dataset.markText;
    let at = words ? text.indexOf(words) : -1;
    while (at >= 0) {
      marks.push([at, at + words.length, item.hasAttribute("data-must-fix") ? "bad" : "warn"]);
      at = text.indexOf(words, at + words.length);
    }
  }
  return marks;
}

export function refresh(editor, typed = false) {
  const own = area(editor).value;
  const text = wordsOf(editor);
  let over = -1;
  for (const counter of all("[data-counter]", editor)) {
    if (counter.hidden) continue;
    const start = countOne(counter, text, typed);
    if (start >= 0) over = over < 0 ? start : Math.min(over, start);
  }
  const box = one("[data-marks]", editor);
  if (!box) return;
  const marks = found(own);
  if (over >= 0 && over < own.length) marks.push([over, own.length, "bad"]);
  const slug = one("input[data-fold-net]:checked")?.dataset.foldNet ?? editor.dataset.fold;
  const counter = slug && one(`[data-counter="${CSS.escape(slug)}"]`, editor);
  const folds = counter ? fold(own, limitsOf(counter)) : -1;
  if (folds >= 0) marks.push([folds, folds, "fold", say("folds_here")]);
  paint(box, own, marks);
}

function preview() {
  for (const place of all("[data-preview-text]")) {
    const slug = place.dataset.previewText;
    const editors = all("[data-editor]").filter((e) => one(`[data-counter="${CSS.escape(slug)}"]`, e));
    const editor = editors.find((e) => e.hasAttribute("data-own-editor")) ?? editors[0] ?? one("[data-editor]");
    if (!editor) continue;
    const counter = one(`[data-counter="${CSS.escape(slug)}"]`, editor);
    const text = wordsOf(editor);
    const at = counter ? fold(text, limitsOf(counter)) : -1;
    place.textContent = at < 0 ? text : text.slice(0, at);
    const rest = one(`[data-preview-rest="${CSS.escape(slug)}"]`);
    if (rest) (rest.textContent = at < 0 ? "" : text.slice(at)), rest.closest("[data-preview-below]")?.toggleAttribute("hidden", at < 0);
  }
}

export function refreshAll() {
  for (const editor of all("[data-editor]")) refresh(editor);
  preview();
}

each("[data-editor]", (editor) => {
  refresh(editor);
  const box = one("[data-marks]", editor);
  area(editor).addEventListener("scroll", () => box && (box.scrollTop = area(editor).scrollTop));
});
on("input", "[data-editor]", (_event, editor) => {
  refresh(editor, true);
  if (!editor.hasAttribute("data-own-editor")) {
    for (const other of all("[data-own-editor]", editor.closest("form") ?? document)) refresh(other);
  }
  preview();
});
on("change", "input[data-fold-net]", refreshAll);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.querySelector?.("[data-mark-text], [data-preview-text]") || event.detail.elt.matches?.("[data-mark-text]")) refreshAll();
});
each("[data-preview-text]", preview);
