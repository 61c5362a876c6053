// Lists walk by J and K (or the arrows) at once, without motion; Enter opens, Esc goes back.
import { all, on, one, typing } from "./dom.js";
import { keysOff } from "./keyboard.js";

const links = (list) => all("[data-row-link]", list).filter((link) => link.offsetParent !== null);

function move(list, step) {
  const rows = links(list);
  const here = rows.findIndex((row) => row === document.activeElement);
  const current = here >= 0 ? here : rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = rows[Math.max(0, Math.min(rows.length - 1, current + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || typing(event.target) || one("dialog[open]")) return;
  const list = event.target.closest?.("[data-list]") ?? one("[data-list]");
  if (!list) return;
  const inside = list.contains(event.target);
  const key = event.key.toLowerCase();
  const step = { j: 1, k: -1 }[key] ?? (inside ? { arrowdown: 1, arrowup: -1 }[key] : undefined);
  if (step) {
    if (step && key.length === 1 && keysOff()) return;
    event.preventDefault();
    move(list, step);
  }
  if (event.key === "Escape" && !one("[popover]:popover-open, [data-pick]:checked")) one("[data-back]")?.click();
});

// The open row is marked at once, before the answer comes.
on("click", "[data-row-link]", (_event, link) => {
  for (const other of all("[data-row-link][aria-current]")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  one(".panes")?.setAttribute("data-detail", "");
});
on("click", "[data-back]", (event, button) => {
  const panes = button.closest(".panes");
  if (!panes || innerWidth > 1023) return;
  panes.removeAttribute("data-detail");
  if (button.tagName === "BUTTON") event.preventDefault();
  one("[data-row-link][aria-current]", panes)?.focus();
});
