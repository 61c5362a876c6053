// Dialogs open and close by data-*, and give the focus back; the platform's <dialog> does the rest.
import { on } from "./dom.js";

export function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  document.querySelector("[popover]:popover-open")?.hidePopover();
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("dialog:open"));
}

on("click", "[data-dialog-open]", (event, button) => {
  event.preventDefault();
  open(button.dataset.dialogOpen);
});
on("click", "[data-dialog-close]", (event, button) => {
  event.preventDefault();
  button.closest("dialog")?.close();
});
// A press on the veil closes, unless the dialog holds words that would be lost.
on("mousedown", "dialog[data-dialog]", (event, dialog) => {
  if (event.target === dialog && !dialog.hasAttribute("data-keep")) dialog.close();
});
// <dialog data-dialog-now> came with an htmx piece and is to be seen at once.
document.addEventListener("htmx:load", (event) => {
  const dialog = event.detail.elt.matches?.("[data-dialog-now]") ? event.detail.elt : event.detail.elt.querySelector?.("[data-dialog-now]");
  if (dialog && !dialog.open) dialog.showModal();
});
document.body.addEventListener("closeDialog", () => document.querySelector("dialog[open]")?.close());
