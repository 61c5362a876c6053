// The media of a post: put in order, taken out, and picked from the library.
import { on, one } from "./dom.js";

const changed = (element) => element.dispatchEvent(new Event("change", { bubbles: true }));

on("click", "[data-tile-remove]", (_event, button) => {
  const tile = button.closest("[data-tile]");
  const list = tile.parentElement;
  (tile.nextElementSibling ?? list).querySelector("button, input")?.focus();
  tile.remove();
  changed(list);
});

on("click", "[data-tile-left]", (_event, button) => {
  const tile = button.closest("[data-tile]");
  const before = tile.previousElementSibling;
  if (!before?.matches("[data-tile]")) return;
  before.before(tile);
  button.focus();
  changed(tile);
});

on("click", "[data-pick]", async (_event, button) => {
  const list = one("#media");
  const response = await fetch(button.dataset.pick, { headers: { "HX-Request": "true" } });
  if (!response.ok || !list) return;
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  const tile = template.content.querySelector("[data-tile]");
  button.closest("dialog")?.close();
  if (!tile || document.getElementById(tile.id)) return;
  one(".dropzone", list).before(tile);
  window.htmx.process(tile);
  changed(list);
});
