// Light, dark or as the system: kept in a cookie, so that the server draws the page right at once.
import { all, each, on, recall, remember } from "./dom.js";

function show() {
  const chosen = recall("theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
  for (const button of all("[data-theme-set]")) button.setAttribute("aria-pressed", button.dataset.themeSet === chosen);
}

on("click", "[data-theme-set]", (_event, button) => {
  remember("theme", button.dataset.themeSet);
  show();
});
each("[data-theme-set]", show);
