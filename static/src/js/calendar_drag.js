// Dragging a card over the calendar, by mouse, pen or finger (after a short hold); the time it would get goes along.
import { all, one, say } from "./dom.js";
import { isPast, landing, words } from "./calendar_time.js";
import { move, nowOf } from "./calendar_move.js";

const SLACK = 6;
const HOLD = 350;
let drag = null;

function begin(event) {
  const { card } = drag;
  const box = card.getBoundingClientRect();
  drag.on = true;
  drag.dx = event.clientX - box.left;
  drag.dy = event.clientY - box.top;
  drag.ghost = card.cloneNode(true);
  drag.ghost.classList.add("drag-ghost");
  drag.ghost.removeAttribute("id");
  drag.ghost.style.width = `${box.width}px`;
  drag.label = document.createElement("div");
  drag.label.className = "drag-time";
  document.body.append(drag.ghost, drag.label);
  card.dataset.dragging = "";
  document.documentElement.style.cursor = "grabbing";
}

function clearTargets() {
  for (const place of all("[data-over]", one("[data-calendar]") ?? document)) delete place.dataset.over;
}

function over(event) {
  const place = document.elementFromPoint(event.clientX, event.clientY);
  clearTargets();
  const at = place && landing(place, drag.card);
  drag.at = at && at !== drag.card.dataset.at ? at : null;
  drag.label.hidden = !at;
  if (!at) return;
  const late = isPast(at, nowOf());
  const target = place.closest("[data-slot]") ?? place.closest("[data-day]");
  target.dataset.over = late ? "no" : "";
  drag.label.textContent = late ? say("move_past") : words(at);
  drag.label.toggleAttribute("data-no", late);
}

function follow(event) {
  drag.ghost.style.transform = `translate(${event.clientX - drag.dx}px, ${event.clientY - drag.dy}px)`;
  drag.label.style.left = `${Math.min(event.clientX + 14, innerWidth - 190)}px`;
  drag.label.style.top = `${Math.max(4, event.clientY - 30)}px`;
  over(event);
  scroll(event);
}

function scroll(event) {
  const box = one("[data-calendar]")?.closest(".pane-body, .sheet-body");
  if (!box) return;
  const edge = box.getBoundingClientRect();
  if (event.clientY > edge.bottom - 40) box.scrollTop += 12;
  if (event.clientY < edge.top + 60) box.scrollTop -= 12;
}

function end(drop) {
  if (!drag) return;
  clearTimeout(drag.hold);
  const { card, at, on } = drag;
  drag.ghost?.remove();
  drag.label?.remove();
  clearTargets();
  delete card.dataset.dragging;
  document.documentElement.style.cursor = "";
  drag = null;
  if (!on) return;
  document.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", stop, true), 50);
  if (drop && at) move(card, at);
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest?.("[data-drag]");
  if (!card || event.button !== 0 || event.target.closest(".post-card-menu, [popover]")) return;
  drag = { card, x: event.clientX, y: event.clientY, touch: event.pointerType === "touch" };
  if (drag.touch) drag.hold = setTimeout(() => drag && (begin(event), follow(event), navigator.vibrate?.(10)), HOLD);
});
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (drag.on) return follow(event);
  const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > SLACK;
  if (far && drag.touch) return end(false);
  if (far) begin(event), follow(event);
});
document.addEventListener("touchmove", (event) => drag?.on && event.preventDefault(), { passive: false });
document.addEventListener("pointerup", () => end(true));
document.addEventListener("pointercancel", () => end(false));
document.addEventListener("dragstart", (event) => event.target.closest?.("[data-drag]") && event.preventDefault());
document.addEventListener("contextmenu", (event) => drag?.touch && event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !drag?.on) return;
  event.stopPropagation();
  end(false);
}, true);
