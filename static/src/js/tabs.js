// Tabs that switch panels: arrows walk them, Alt+1…9 jumps, the panels are the ones they control.
import { all, on, one } from "./dom.js";

export function select(tab) {
  const list = tab.closest("[data-tabs]");
  for (const other of all("[role=tab]", list)) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", chosen);
    other.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls"));
    if (panel) panel.hidden = !chosen;
  }
  list.dispatchEvent(new CustomEvent("tabs:change", { bubbles: true, detail: { tab } }));
}

on("click", "[data-tabs] [role=tab]", (_event, tab) => select(tab));
on("keydown", "[data-tabs]", (event, list) => {
  const tabs = all("[role=tab]", list).filter((tab) => !tab.hidden);
  const here = tabs.indexOf(document.activeElement);
  const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const back = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
  const next = { [forward]: here + 1, [back]: here - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (next === undefined || here < 0) return;
  const tab = tabs[(next + tabs.length) % tabs.length];
  tab.focus();
  select(tab);
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  const digit = event.altKey && /^Digit([1-9])$/.exec(event.code);
  const list = digit && one("[data-tabs][data-tabs-alt]");
  const tab = list && all("[role=tab]", list).filter((each) => !each.hidden)[digit[1] - 1];
  if (!tab) return;
  event.preventDefault();
  select(tab);
  document.getElementById(tab.getAttribute("aria-controls"))?.querySelector("textarea, input")?.focus();
});
