// Autosave: one second after the last key, with a copy in this browser until the server has the words.
import { announce, each, one, say, token } from "./dom.js";
import { toast } from "./toast.js";

const PAUSE = 1000;
const KEPT = "gardu-draft:";

// What the server hands out is no change of the person's.
const HANDED_OUT = ["csrfmiddlewaretoken", "version"];

function copyOf(form) {
  return JSON.stringify([...new FormData(form)].filter(([name, value]) => typeof value === "string" && !HANDED_OUT.includes(name)));
}

function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // A full or forbidden storage only costs the safety copy.
  }
}

function recallCopy(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Puts words back that never reached the server; text only, the rest is the server's. */
function restore(form, key) {
  const kept = recallCopy(key);
  if (!kept || kept === copyOf(form)) return keep(key, null);
  let changed = false;
  for (const [name, value] of JSON.parse(kept)) {
    const field = form.elements[name];
    if (field?.tagName !== "TEXTAREA" || field.value === value || !value) continue;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    changed = true;
  }
  if (changed) toast({ text: say("restored") });
}

each("form[data-autosave]", (form) => {
  const key = () => KEPT + location.pathname; // the address of a draft follows it
  const state = one("[data-save-state]", form) ?? one("[data-save-state]");
  let saved = copyOf(form);
  let timer = 0;
  let wait = PAUSE;
  let running = false;
  let sent = false;

  function show(name, text, title = "") {
    if (!state) return;
    state.dataset.state = name;
    state.textContent = text;
    state.title = title;
  }

  async function save() {
    clearTimeout(timer);
    const now = copyOf(form);
    if (now === saved || sent) return;
    if (running) return void later();
    running = true;
    show("saving", say("saving"));
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    try {
      const response = await fetch(form.dataset.autosave, {
        method: "POST",
        headers: { "X-Autosave": "1", "X-CSRFToken": token(), Accept: "application/json" },
        body: data,
      });
      const answer = await response.json().catch(() => ({}));
      if (!response.ok) throw new Error(answer.error || say("not_saved_do"));
      finish(now, answer);
    } catch (error) {
      failed(error);
    } finally {
      running = false;
    }
  }

  function finish(now, answer) {
    keep(key(), null);
    if (answer.autosave) form.dataset.autosave = answer.autosave;
    if (answer.url) history.replaceState(history.state, "", answer.url);
    if (answer.action) form.action = answer.action;
    saved = now;
    wait = PAUSE;
    show("saved", say("saved", { time: answer.saved_at ?? "" }));
    form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true, detail: answer }));
    if (copyOf(form) !== saved) later();
  }

  function failed(error) {
    const first = state?.dataset.state !== "failed";
    show("failed", say("not_saved"), error.message);
    if (first) announce(`${say("not_saved")}. ${say("not_saved_do")}`, true);
    wait = Math.min(wait * 2, 30000);
    later();
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  function changed() {
    const now = copyOf(form);
    if (now === saved) return;
    sent = false;
    keep(key(), now);
    if (wait === PAUSE) later();
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    sent = true;
    clearTimeout(timer);
    keep(key(), null);
  });
  form.addEventListener("autosave", save);
  window.addEventListener("online", save);
  window.addEventListener("pagehide", () => {
    if (!sent && copyOf(form) !== saved) keep(key(), copyOf(form));
  });
  state?.addEventListener("click", () => state.dataset.state === "failed" && save());
  restore(form, key());
});
