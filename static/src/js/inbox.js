// The reply desk: the list never moves under the pointer, drafts are kept, the length is counted.
import { each, on, one } from "./dom.js";

const PAUSE = 1000;

function refresh() {
  const rows = one("[data-inbox-rows]");
  if (!rows) return;
  const bar = one("[data-inbox-new]", rows);
  const busy = rows.matches(":hover, :focus-within") && one(".conv-list", rows);
  if (busy && bar) bar.hidden = false;
  else window.htmx.trigger(rows, "inbox:refresh");
}

document.body.addEventListener("live:inbox", refresh);
on("click", "[data-inbox-new]", (_event, bar) => {
  bar.hidden = true;
  window.htmx.trigger(one("[data-inbox-rows]"), "inbox:refresh");
});

function keepDraft(form) {
  const body = new URLSearchParams(new FormData(form));
  fetch(form.dataset.draftUrl, { method: "POST", body, headers: { "X-CSRFToken": body.get("csrfmiddlewaretoken") } });
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
