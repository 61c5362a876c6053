// The palette (⌘K): type a few letters, arrows choose, Enter goes.
import { all, each, one } from "./dom.js";

each("[data-palette]", (palette) => {
  const field = one("[data-palette-input]", palette);
  const none = one("[data-palette-none]", palette);
  const options = () => all("[role=option]", palette).filter((option) => !option.hidden);

  function choose(option) {
    for (const other of all("[aria-selected]", palette)) other.removeAttribute("aria-selected");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  function filter() {
    const letters = field.value.trim().toLowerCase().split(/\s+/);
    for (const option of all("[role=option]", palette)) {
      const text = option.textContent.toLowerCase();
      option.hidden = !letters.every((part) => text.includes(part));
    }
    none.hidden = options().length > 0;
    const starts = (option) => letters.every((part) => option.textContent.toLowerCase().split(/\s+/).some((word) => word.startsWith(part)));
    choose(options().find(starts) ?? options()[0]);
  }

  function run(option) {
    palette.close();
    if (option.dataset.href) location.assign(option.dataset.href);
    else one(option.dataset.click)?.click();
  }

  palette.addEventListener("dialog:open", () => {
    field.value = "";
    filter();
    field.focus();
  });
  field.addEventListener("input", filter);
  field.addEventListener("keydown", (event) => {
    const list = options();
    const here = list.findIndex((option) => option.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.length) {
      event.preventDefault();
      choose(list[(here + step + list.length) % list.length]);
    }
    if (event.key === "Enter" && list[here]) {
      event.preventDefault();
      run(list[here]);
    }
  });
  palette.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) run(option);
  });
});
