// Toasts: what happened and, for ten seconds, a way back. The server asks for one by the event "toast".
import { announce, each, on, one, say } from "./dom.js";

/** `detail`: {text, detail, undo, tone, seconds}; `undo` is an address to POST to or a function. */
export function toast({ text, detail = "", undo = "", tone = "", seconds = 10 }) {
  const template = one(tone === "bad" ? "#toast-template-bad" : "#toast-template");
  const region = one("[data-toasts]");
  if (!template || !region) return;
  const piece = template.content.firstElementChild.cloneNode(true);
  one("[data-toast-text]", piece).textContent = text;
  const more = one("[data-toast-detail]", piece);
  more.textContent = detail;
  more.hidden = !detail;
  const back = one("[data-toast-undo]", piece);
  back.hidden = !undo;
  if (typeof undo === "function") back.undo = undo;
  else back.dataset.toastUndo = undo;
  piece.dataset.toast = tone === "bad" ? 0 : seconds;
  while (region.children.length > 2) region.firstElementChild.remove();
  region.append(piece);
  start(piece);
}

function start(piece) {
  let left = Number(piece.dataset.toast);
  if (!left) return;
  const shown = one("[data-toast-left]", piece);
  const tick = setInterval(() => {
    if (!piece.isConnected) return clearInterval(tick);
    if (piece.matches(":hover, :focus-within") || document.hidden) return;
    left -= 1;
    if (shown) shown.textContent = left;
    if (left <= 0) piece.remove();
  }, 1000);
  if (shown) shown.textContent = left;
}

async function undo(button) {
  const piece = button.closest("[data-toast]");
  if (button.undo) await button.undo();
  else await window.htmx.ajax("POST", button.dataset.toastUndo, { swap: "none", source: document.body });
  piece.remove();
  announce(say("undone"));
}

/** Takes back the last thing that can be. Gives false when there is nothing. */
export function undoLast() {
  const buttons = document.querySelectorAll("[data-toast-undo]:not([hidden])");
  const last = buttons[buttons.length - 1];
  last?.click();
  return Boolean(last);
}

on("click", "[data-toast-close]", (_event, button) => button.closest("[data-toast]").remove());
on("click", "[data-toast-undo]", (_event, button) => undo(button));
document.body.addEventListener("toast", (event) => toast(event.detail));
each("[data-toasts] > [data-toast]", start);
