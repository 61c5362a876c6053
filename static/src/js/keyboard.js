// The keys of every page: off while typing, and single keys can be switched off for good (WCAG 2.1.4).
import { all, each, on, one, recall, remember, typing } from "./dom.js";
import { open } from "./dialog.js";
import { rowKey } from "./inbox_list.js";
import { toggleNav } from "./nav.js";
import { undoLast } from "./toast.js";

const mac = /mac|iphone|ipad/i.test(navigator.platform);
export const keysOff = () => recall("keys") === "off";

let going = 0;
const GO = { c: "calendar", i: "inbox", r: "desk", a: "analytics", m: "media" };

/** G and a letter: a place of this page (`data-goes`), else one of the nav. */
function go(letter) {
  const link = one(`[data-goes="${CSS.escape(letter)}"]`) ?? (GO[letter] && one(`[data-go="${GO[letter]}"]`));
  if (link) location.assign(link.href);
  return Boolean(link);
}

function press(selector) {
  const target = all(selector).find((element) => element.offsetParent !== null || element.tagName === "A");
  target?.click();
  return Boolean(target);
}

function single(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (going && performance.now() - going < 1200 && go(key)) return (going = 0), true;
  going = 0;
  if (key === "g") return (going = performance.now()), true;
  if (key === "c") return press("[data-key-new]");
  if (key === "?") return open("keys"), true;
  if (key === "[") return toggleNav(), true;
  if (key === "z") return undoLast();
  if (key === "/") {
    const field = one("[data-search]");
    field?.focus();
    field?.select?.();
    return Boolean(field);
  }
  if (event.shiftKey && /^[a-z]$/.test(key)) return press(`[data-key="shift-${key}"]:not([disabled])`);
  if (rowKey(key)) return true;
  // Any control may carry data-key="x": the page's own single keys.
  return press(`[data-key="${CSS.escape(key)}"]:not([disabled])`);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const mod = event.metaKey || event.ctrlKey;
  if (mod && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return open("palette");
  }
  if (mod && event.key === "Enter") {
    const name = event.shiftKey ? "mod-shift-enter" : "mod-enter";
    const scope = event.target.closest?.("form, [data-keys]") ?? document;
    const button = one(`[data-key="${name}"]`, scope) ?? one(`[data-key="${name}"]`);
    if (button) event.preventDefault(), button.click();
    return;
  }
  if (mod || event.altKey || typing(event.target) || keysOff() || one("dialog[open]")) return;
  if (event.target.closest?.("[popover], [data-moving], [role=tablist]") && event.key.startsWith("Arrow")) return;
  if (single(event)) event.preventDefault();
});

function show() {
  const off = keysOff();
  document.documentElement.toggleAttribute("data-keys", off);
  if (off) document.documentElement.dataset.keys = "off";
  for (const button of all("[data-keys-toggle]")) button.setAttribute("aria-pressed", !off);
}
on("click", "[data-keys-toggle]", () => {
  remember("keys", keysOff() ? "" : "off");
  show();
});
each("[data-keys-toggle]", show);
each(".kbd", (key) => {
  if (!mac && key.textContent.includes("⌘")) key.textContent = key.textContent.replace(/^(⇧?)⌘(⇧?)/, (_all, a, b) => `Ctrl ${a}${b}`);
});
