// The nav: full or a rail of icons.
import { on, one, remember } from "./dom.js";

export function toggleNav() {
  const shell = one("[data-shell]");
  if (!shell) return;
  shell.dataset.nav = shell.dataset.nav === "rail" ? "full" : "rail";
  remember("nav", shell.dataset.nav);
}

on("click", "[data-nav-toggle]", toggleNav);

// A pane that gives way on a narrow screen comes back over the others.
on("click", "[data-side-toggle]", (_event, button) => {
  const pane = document.getElementById(button.getAttribute("aria-controls"));
  if (!pane) return;
  const open = pane.toggleAttribute("data-open");
  button.setAttribute("aria-expanded", open);
  if (open) pane.querySelector("a, button, input, [tabindex]")?.focus();
});
