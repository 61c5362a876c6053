// The officer's desk: a key chooses, Enter sends it; the message follows the choice and the reasons until it is edited.
import { all, each, on, one, typing } from "./dom.js";
import { keysOff } from "./keyboard.js";
import { toast } from "./toast.js";

const form = () => one("[data-decision]");
const fields = (name) => [...(form()?.elements ?? [])].filter((field) => field.name === name);
const chosen = () => fields("choice").find((field) => field.checked)?.value;

// --- the message ----------------------------------------------------------------------------------

let offered;

function letter(area, choice) {
  const lines = fields("reasons").filter((chip) => chip.checked && chip.dataset.line).flatMap((chip) => chip.dataset.line.split("\n"));
  const said = [...new Set(lines)].map((line, at) => `${at + 1}. ${line}`);
  const ending = choice === "ask" && area.dataset.ending ? [area.dataset.ending] : [];
  return [choice === "ask" ? area.dataset.ask : area.dataset.reject, ...said, ...ending].join("\n");
}

function write() {
  const area = fields("message")[0];
  const choice = chosen();
  if (!area || !choice) return;
  one("[data-message]").hidden = choice === "approve";
  offered ??= area.defaultValue;
  if (choice === "approve" || (area.value.trim() && area.value !== offered)) return; // what was typed stays
  area.value = offered = letter(area, choice);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

on("change", "[name=choice]", (_event, input) => {
  const go = one("[data-decision-go]");
  if (!go || !input.form?.matches("[data-decision]")) return;
  one("span", go).textContent = go.dataset[input.value];
  write();
});
on("change", "[name=reasons]", write);
on("click", "[data-choice]", (_event, choice) => {
  const input = one("input", choice);
  if (!input.disabled) input.focus();
});

// Enter decides wherever nothing else would take it.
document.addEventListener("keydown", (event) => {
  const free = event.target === document.body || event.target.matches?.("main, [data-choice] input, [name=reasons]");
  if (event.key !== "Enter" || event.defaultPrevented || !free || !form() || keysOff() || one("dialog[open], [popover]:popover-open")) return;
  event.preventDefault();
  form().requestSubmit(one("[data-decision-go]"));
});

// A decision is sent once, however often the key is pressed.
on("submit", "[data-decision]", (event, sent) => {
  if (sent.dataset.sent) return event.preventDefault();
  sent.dataset.sent = "1";
});

// --- undo -----------------------------------------------------------------------------------------

each("[data-undo-now]", (note) => toast({ text: note.dataset.text, undo: note.dataset.url, seconds: Number(note.dataset.seconds) }));

// --- the fix as a diff or as the result -----------------------------------------------------------

on("click", "[data-flip-to]", (_event, button) => {
  const seg = button.closest("[data-flip]");
  const faces = document.getElementById(seg.dataset.flip);
  const pressed = button.getAttribute("aria-pressed") === "true";
  const face = pressed ? all("[data-flip-to]", seg).find((other) => other !== button).dataset.flipTo : button.dataset.flipTo;
  for (const other of all("[data-flip-to]", seg)) other.setAttribute("aria-pressed", other.dataset.flipTo === face);
  for (const side of all("[data-flip-face]", faces)) side.hidden = side.dataset.flipFace !== face;
});

// --- several at once ------------------------------------------------------------------------------

function count() {
  const ticks = all("[data-alike-tick]:checked");
  const bar = one("[data-alike-bar]");
  if (!bar) return;
  bar.hidden = !ticks.length;
  one("[data-alike-count]").textContent = ticks.length;
  for (const tick of all("[data-alike-tick]")) tick.disabled = Boolean(ticks.length) && tick.dataset.signature !== ticks[0].dataset.signature;
}
on("change", "[data-alike-tick]", count);
document.addEventListener("htmx:afterSwap", count);
document.addEventListener("keydown", (event) => {
  if (event.code !== "KeyX" || typing(event.target) || keysOff() || event.metaKey || event.ctrlKey || event.altKey) return;
  const row = event.target.closest?.("[data-row]") ?? one("[data-row]:has([aria-current])");
  const tick = row && one("[data-alike-tick]:not(:disabled)", row);
  if (tick) tick.click(), event.preventDefault();
});
