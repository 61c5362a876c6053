// The reply desk: drafts are kept, who else is here is told, keys and menus act on the open conversation.
import { all, announce, each, on, one, say, token } from "./dom.js";
import { toast } from "./toast.js";

const PAUSE = 1000;
const HEARTBEAT = 5000;

function keepDraft(form) {
  const body = new URLSearchParams();
  body.set("text", form.elements.text.value);
  fetch(form.dataset.draftUrl, { method: "POST", body, headers: { "X-CSRFToken": token() } });
}

let timer = 0;
on("input", "[data-keep-draft]", (_event, field) => {
  clearTimeout(timer);
  timer = setTimeout(() => field.form?.isConnected && keepDraft(field.form), PAUSE);
});
// What is being sent is no draft any more.
document.addEventListener("submit", (event) => event.target.matches("[data-reply]") && clearTimeout(timer), true);

each("[data-count-of]", (out) => {
  const field = document.getElementById(out.dataset.countOf);
  const show = () => {
    const length = Array.from(field.value).length;
    out.textContent = `${length.toLocaleString()} / ${Number(out.dataset.limit).toLocaleString()}`;
    out.dataset.status = length > Number(out.dataset.limit) ? "bad" : "";
  };
  field.addEventListener("input", show);
  show();
});

// Heartbeats: I am here, and whether I write; the answer says who else is.
let typed = 0;
on("input", "[data-reply] textarea", (_event, field) => {
  const first = performance.now() - typed > HEARTBEAT;
  typed = field.value.trim() ? performance.now() : 0;
  if (first && typed) beat();
});

async function beat() {
  const pane = one("[data-conversation]");
  if (!pane || document.hidden) return;
  const typing = typed && performance.now() - typed < 2 * HEARTBEAT ? "1" : "0";
  try {
    const response = await fetch(pane.dataset.viewersUrl, { method: "POST", body: new URLSearchParams({ typing }), headers: { "X-CSRFToken": token() } });
    if (!response.ok || !pane.isConnected) return;
    const html = (await response.text()).trim();
    const place = one("[data-viewers]", pane);
    if (place && place.dataset.html !== html) {
      place.innerHTML = html;
      place.dataset.html = html;
    }
  } catch {
    // Away for a moment: the guard at sending does not depend on it.
  }
}

let here = null;
each("[data-conversation]", (pane) => {
  if (here && here !== pane.dataset.viewersUrl) {
    navigator.sendBeacon?.(here, new URLSearchParams({ left: "1", csrfmiddlewaretoken: token() }));
  }
  here = pane.dataset.viewersUrl;
  typed = 0;
  beat();
  toEnd(pane);
});
if (one("[data-inbox]")) setInterval(beat, HEARTBEAT);

function toEnd(pane) {
  const thread = one("[data-thread-pane]", pane);
  const stopped = one(".error, [data-status=must_fix]", one(".reply-foot", pane) ?? document.createElement("div"));
  if (thread && !stopped) thread.scrollTop = thread.scrollHeight;
}

// New words are at the end: stay there when one was there. What stands in the field is never touched.
document.addEventListener("htmx:beforeSwap", (event) => {
  const lines = event.detail.target;
  if (!lines.matches?.("[data-lines]")) return;
  const pane = lines.closest("[data-thread-pane]");
  lines.wasAtEnd = pane && pane.scrollHeight - pane.scrollTop - pane.clientHeight < 80;
});
document.addEventListener("htmx:afterSwap", (event) => {
  const lines = event.detail.target;
  if (!lines.matches?.("[data-lines]") || !lines.wasAtEnd) return;
  const pane = lines.closest("[data-thread-pane]");
  pane.scrollTop = pane.scrollHeight;
});

// The guard compares with what stood on the screen when the person began to write, not with what came meanwhile.
on("focusin", "[data-reply] textarea", (_event, field) => hold(field.form));
on("input", "[data-reply] textarea", (_event, field) => hold(field.form));
function hold(form) {
  if (!form.elements.text.value.trim()) delete form.dataset.began;
  else form.dataset.began ??= one("[data-last-seen]")?.value ?? "";
}
document.addEventListener("htmx:configRequest", (event) => {
  const form = event.detail.elt.closest?.("[data-reply]");
  if (form?.dataset.began) event.detail.parameters.last_seen = form.dataset.began;
});

// "Resolve and next" is the same form with one word more.
on("click", "[data-then-next]", (_event, button) => (one("[data-then]", button.form).value = "next"));

on("click", "[data-mark-new]", async (_event, item) => {
  item.closest("[popover]")?.hidePopover?.();
  const response = await fetch(item.dataset.markNew, { method: "POST", headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
  if (!response.ok) return;
  toast({ text: say("marked_new"), seconds: 3 });
  const row = one('[data-row-link][aria-current="true"]');
  row?.closest("[data-row]")?.setAttribute("data-unread", "");
  row?.removeAttribute("aria-current");
  one("[data-inbox]")?.removeAttribute("data-detail");
  row?.focus();
});

on("change", "[data-files]", (_event, field) => {
  const names = [...field.files].map((file) => file.name).join(", ");
  one("[data-files-named]", field.form).textContent = names;
  announce(names);
});

// A slash at the start of a word opens the saved replies; more letters narrow them.
on("input", "[data-slash]", (_event, field) => {
  const menu = document.getElementById(field.dataset.slash);
  const asked = field.value.slice(0, field.selectionStart).match(/(?:^|\s)\/([\w-]*)$/);
  if (!menu) return;
  if (!asked) return menu.matches(":popover-open") && menu.hidePopover();
  const items = all("[data-insert]", menu);
  for (const item of items) item.hidden = !item.dataset.shortcut.startsWith(asked[1].toLowerCase()) && !item.textContent.toLowerCase().includes(asked[1].toLowerCase());
  const open = items.filter((item) => !item.hidden);
  if (asked[1] === "" && items.length && !menu.matches(":popover-open")) {
    menu.quiet = true;
    menu.showPopover();
  }
  if (open.length === 1 && open[0].dataset.shortcut === asked[1]) insert(open[0], field);
});
on("keydown", "[data-slash]", (event, field) => {
  const menu = document.getElementById(field.dataset.slash);
  if (!menu?.matches(":popover-open") || !["ArrowDown", "Enter"].includes(event.key) || event.ctrlKey || event.metaKey) return;
  const first = all("[data-insert]", menu).find((item) => !item.hidden);
  if (!first) return;
  event.preventDefault();
  if (event.key === "Enter") insert(first, field);
  else first.focus();
});
on("click", "[data-insert]", (_event, item) => insert(item, one("#reply-text")));

async function insert(item, field) {
  const response = await fetch(item.dataset.insert, { headers: { Accept: "application/json" } });
  if (!response.ok) return;
  const { text } = await response.json();
  const before = field.value.slice(0, field.selectionStart).replace(/(^|\s)\/[\w-]*$/, "$1");
  field.value = before + text + field.value.slice(field.selectionStart);
  one("[data-saved-reply]", field.form).value = item.dataset.replyId;
  item.closest("[popover]")?.hidePopover?.();
  field.focus();
  field.setSelectionRange(before.length + text.length, before.length + text.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
