// The composer: which channels are on, own versions, the way to the first must-fix.
import { all, each, on, one } from "./dom.js";
import { refresh, refreshAll } from "./editor.js";

/** A counter of a channel that is off says nothing; a channel with its own words does not count the shared ones. */
function channels(form) {
  const on_ = new Set(all("[data-channel]:checked", form).map((input) => input.dataset.channel));
  if (!all("[data-channel]", form).length) return;
  for (const editor of all("[data-editor]:not([data-own-editor])", form)) {
    for (const counter of all("[data-counter]", editor)) counter.hidden = !on_.has(counter.dataset.counter);
  }
}

function dot(editor) {
  const panel = editor.closest("[role=tabpanel]");
  const mark = panel && one(`[aria-controls="${panel.id}"] [data-own]`);
  const own = one("textarea", editor).value !== "";
  if (mark) mark.hidden = !own;
  for (const reset of all("[data-own-reset]", panel ?? editor)) reset.hidden = !own;
}

each("[data-composer]", (form) => {
  const bind = () => {
    channels(form);
    refreshAll();
  };
  form.addEventListener("change", (event) => event.target.matches("[data-channel]") && bind());
  bind();
});

each("[data-own-editor]", (editor) => {
  const shared = one("[data-editor]:not([data-own-editor]) textarea", editor.closest("form") ?? document);
  const text = one("textarea", editor);
  const show = () => (text.placeholder = shared?.value || text.placeholder);
  shared?.addEventListener("input", show);
  show();
  dot(editor);
  text.addEventListener("input", () => dot(editor));
});

on("click", "[data-own-reset]", (event, button) => {
  event.preventDefault();
  const editor = one("[data-own-editor]", button.closest("[role=tabpanel]") ?? button.closest("form"));
  const text = editor && one("textarea", editor);
  if (!text) return;
  text.value = "";
  text.dispatchEvent(new Event("input", { bubbles: true }));
  refresh(editor);
  text.focus();
});

// Starting an own version begins with the shared words.
on("click", "[data-own-start]", (event, button) => {
  event.preventDefault();
  const editor = one("[data-own-editor]", button.closest("[role=tabpanel]"));
  const text = editor && one("textarea", editor);
  if (!text || text.value) return text?.focus();
  text.value = text.placeholder;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
});

/** The preview follows the channel one writes for. */
function follow() {
  const account = one("[data-tabs] [aria-selected=true]")?.dataset.tabFor;
  const pick = account && one(`input[data-fold-net][value="${CSS.escape(account)}"]`);
  if (pick && !pick.checked) pick.click();
}
document.addEventListener("tabs:change", follow);
document.addEventListener("htmx:afterSettle", (event) => event.target.matches?.("[data-side]") && follow());

/** Scheduling is never disabled: with a must-fix open it leads there. */
on("click", "[data-needs-clearance]", (event) => {
  const first = one("[data-must-fix]");
  if (!first) return;
  event.preventDefault();
  event.stopPropagation();
  first.scrollIntoView({ block: "center" });
  first.focus();
}, true);
