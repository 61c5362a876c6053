// The composer's desk: a channel that is switched on brings its tab and its options; the ghost follows the words.
import { all, each, on, one } from "./dom.js";
import { select } from "./tabs.js";

function show(form) {
  const boxes = all("[data-channel]", form);
  for (const box of boxes) {
    const tab = one(`[data-tab-for="${box.value}"]`, form);
    if (tab) {
      if (!box.checked && tab.getAttribute("aria-selected") === "true") select(one("[role=tab]", tab.closest("[data-tabs]")));
      tab.hidden = !box.checked;
    }
    const options = one(`[data-options-for="${box.value}"]`, form);
    if (options) options.hidden = !box.checked;
  }
  const section = one("[data-options]", form);
  if (section) section.hidden = !all("[data-options-for]", section).some((row) => !row.hidden);
  const count = one("[data-channel-count]", form);
  if (count) count.textContent = `${boxes.filter((box) => box.checked).length} ${count.dataset.words} ${boxes.length}`;
}

function ghost(form) {
  const text = one("[data-ghost-text]", form);
  if (text) text.textContent = form.elements.text?.value.slice(0, 90) ?? "";
  const time = one("[data-ghost-time]", form);
  const at = form.elements.local_at?.value;
  if (time && at) time.textContent = at.slice(11, 16);
}

each("[data-composer]", (form) => {
  show(form);
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-channel]")) show(form);
    ghost(form);
  });
  form.addEventListener("input", () => ghost(form));
});

// A save that is under way is waited for: the page that follows must not be behind it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-composer]") || one("[data-save-state]", form)?.dataset.state !== "saving") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter;
  button?.setAttribute("aria-busy", "true");
  const go = () => {
    clearTimeout(timer);
    form.removeEventListener("autosaved", go);
    button?.removeAttribute("aria-busy");
    one("[data-save-state]", form).dataset.state = "";
    form.requestSubmit(button);
  };
  const timer = setTimeout(go, 8000);
  form.addEventListener("autosaved", go);
}, true);

// A tool puts its sign where the cursor is; a button may press another control.
on("click", "[data-insert]", (_event, button) => {
  const text = one("textarea", button.closest("[data-editor]"));
  text.setRangeText(button.dataset.insert, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
});
on("click", "[data-press]", (_event, button) => one(button.dataset.press)?.click());
