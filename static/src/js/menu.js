// Menus are popovers: this puts each beside the button that opened it and lets the arrow keys walk it.
import { all, on } from "./dom.js";

let opener = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[popovertarget]");
  if (button) opener = button;
}, true);

function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const rtl = document.documentElement.dir === "rtl";
  let left = rtl ? at.right - width : at.left;
  if (left + width > innerWidth - 8) left = at.right - width;
  let top = at.bottom + 6;
  if (top + height > innerHeight - 8) top = Math.max(8, at.top - height - 6);
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  menu.style.top = `${top}px`;
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("[data-menu]")) return;
  const buttons = all(`[popovertarget="${menu.id}"]`);
  for (const button of buttons) button.setAttribute("aria-expanded", event.newState === "open");
  if (event.newState !== "open") return;
  const button = opener?.getAttribute("popovertarget") === menu.id ? opener : buttons[0];
  if (button) place(menu, button);
  if (menu.quiet) return (menu.quiet = false); // opened by what somebody types: the focus stays there
  menu.querySelector(".menu-item, a, button, input")?.focus();
}, true);

on("keydown", "[data-menu]", (event, menu) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step && event.key !== "Home" && event.key !== "End") return;
  const items = all(".menu-item:not([hidden])", menu);
  const here = items.indexOf(document.activeElement);
  const next = event.key === "Home" ? 0 : event.key === "End" ? items.length - 1 : (here + step + items.length) % items.length;
  items[next]?.focus();
  event.preventDefault();
});

// Choosing closes the menu, and the focus goes back to the button.
on("click", "[data-menu] .menu-item", (event, item) => {
  if (item.hasAttribute("data-theme-set") || item.hasAttribute("data-keys-toggle") || item.hasAttribute("popovertarget")) return;
  item.closest("[data-menu]").hidePopover();
});
