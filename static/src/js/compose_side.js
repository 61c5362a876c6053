// Beside the words: the preview and the checks are asked for again after each save, and a fix takes over in the text.
import { all, each, on, one, post, say } from "./dom.js";
import { toast } from "./toast.js";

const composer = () => one("[data-composer]");

/** Puts values that the server changed into the form, as if they had been typed. */
function set(form, values) {
  for (const [name, value] of Object.entries(values ?? {})) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = Boolean(value);
    if (field.type === "checkbox" || field.value === String(value)) continue;
    field.value = value;
    if (field.tagName === "TEXTAREA") field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function shown() {
  return one("[data-preview-pick] input:checked")?.value ?? "";
}

function refresh() {
  const side = one("[data-side]");
  if (side?.dataset.sideUrl) window.htmx.ajax("GET", `${side.dataset.sideUrl}?shown=${shown()}`, { source: side, target: "#side", swap: "innerHTML" });
}

document.addEventListener("autosaved", (event) => {
  const pane = one("[data-side]");
  if (pane && event.detail?.side) pane.dataset.sideUrl = event.detail.side;
  refresh();
});

on("change", "[data-preview-pick] input", (_event, input) => {
  for (const piece of all("[data-preview-of]")) piece.hidden = piece.dataset.previewOf !== input.value;
});

/** Waits until what was typed is with the server, so that a fix starts from it. */
function settled(form) {
  return new Promise((resolve) => {
    const done = () => (clearTimeout(timer), form.removeEventListener("autosaved", done), resolve());
    const timer = setTimeout(done, one("[data-save-state]")?.dataset.state === "saving" ? 3000 : 150);
    form.addEventListener("autosaved", done);
    form.dispatchEvent(new Event("autosave"));
  });
}

on("click", "[data-fix]", async (_event, button) => {
  const form = composer();
  button.setAttribute("aria-busy", "true");
  if (form) await settled(form);
  const response = await post(button.dataset.fix, { code: button.dataset.fixCode }).catch(() => null);
  button.removeAttribute("aria-busy");
  const answer = (await response?.json().catch(() => null)) ?? {};
  if (!response?.ok) return toast({ text: say("error_server"), detail: answer.error ?? say("error_server_do"), tone: "bad" });
  if (!form) return location.reload();
  // The next save starts from the version that the fix made.
  form.dataset.autosave = answer.autosave;
  form.action = answer.action;
  set(form, answer.set);
  refresh();
});

// The button in the foot says how many must-fixes are open.
each("[data-side]", (side) => {
  const count = () => {
    const open = all("[data-must-fix]", side).length;
    const sign = one("[data-must-fix-count]");
    if (!sign) return;
    sign.hidden = !open;
    one("span", sign).textContent = open;
  };
  side.addEventListener("htmx:afterSettle", count);
  count();
});
