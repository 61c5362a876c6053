// Moving a card without dragging: M, arrows, Enter, Escape; or a dialog from the card's menu.
import { announce, on, one, say } from "./dom.js";
import { addMinutes, isPast, words } from "./calendar_time.js";
import { move, nowOf } from "./calendar_move.js";
import { open } from "./dialog.js";
import { keysOff } from "./keyboard.js";
import { toast } from "./toast.js";

const STEPS = { ArrowLeft: -1440, ArrowRight: 1440, ArrowUp: -15, ArrowDown: 15 };
let moving = null;

function soon() {
  const now = nowOf() || new Date().toISOString();
  return addMinutes(`${now.slice(0, 13)}:00`, 120);
}

function show() {
  moving.label.textContent = words(moving.at);
  moving.label.toggleAttribute("data-no", isPast(moving.at, nowOf()));
  const box = moving.card.getBoundingClientRect();
  moving.label.style.left = `${Math.min(box.left, innerWidth - 190)}px`;
  moving.label.style.top = `${Math.max(4, box.top - 30)}px`;
  one("[data-calendar]")?.querySelectorAll("[data-over]").forEach((place) => delete place.dataset.over);
  const day = one(`[data-day="${moving.at.slice(0, 10)}"]`);
  if (day) day.dataset.over = isPast(moving.at, nowOf()) ? "no" : "";
}

function begin(card) {
  moving = { card, at: card.dataset.at || soon(), label: document.createElement("div") };
  moving.label.className = "drag-time";
  document.body.append(moving.label);
  card.dataset.moving = "";
  announce(say("moving"), true);
  show();
}

function finish() {
  const { card, label } = moving;
  label.remove();
  delete card.dataset.moving;
  one("[data-calendar]")?.querySelectorAll("[data-over]").forEach((place) => delete place.dataset.over);
  moving = null;
}

document.addEventListener("keydown", (event) => {
  if (moving) return step(event);
  if (event.key.toLowerCase() !== "m" || event.metaKey || event.ctrlKey || event.altKey || keysOff()) return undefined;
  const card = document.activeElement?.closest("[data-drag]");
  if (!card) return undefined;
  event.preventDefault();
  event.stopPropagation();
  return begin(card);
}, true);

function step(event) {
  const minutes = STEPS[event.key];
  if (minutes) {
    moving.at = addMinutes(moving.at, event.shiftKey && Math.abs(minutes) === 15 ? minutes * 4 : minutes);
    show();
    announce(words(moving.at), true);
  } else if (event.key === "Enter") {
    const { card, at } = moving;
    finish();
    move(card, at);
  } else if (event.key === "Escape") {
    finish();
    announce(say("move_cancelled"), true);
  } else if (event.key === "Tab") {
    return finish();
  } else {
    return undefined;
  }
  event.preventDefault();
  event.stopPropagation();
  return undefined;
}

// The dialog: "Move to…" in a card's menu.
let card = null;
on("click", "[data-move-to]", (event, item) => {
  event.preventDefault();
  card = item.closest("[data-drag]") ?? document.getElementById(item.dataset.moveTo) ?? item;
  if (!card.dataset.moveUrl) return;
  one("#move-at").value = card.dataset.at || soon();
  open("move-dialog");
});
on("submit", "[data-move-form]", (event, form) => {
  event.preventDefault();
  const at = form.elements.local_at.value;
  form.closest("dialog")?.close();
  if (card && at) move(card, at);
  else toast({ text: say("move_failed"), tone: "bad" });
});
