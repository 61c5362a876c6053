// The queue beside the conversation: fresh at once, but nothing moves under the pointer; several can be chosen.
import { all, each, on, one, say } from "./dom.js";

const busy = (rows) => rows.matches(":hover, :focus-within") || one("[data-pick]:checked", rows);
let asking = 0;

function address(rows, query = location.search) {
  const open = one("[data-conversation]")?.dataset.conversation ?? "";
  const parameters = new URLSearchParams(query);
  parameters.delete("after");
  if (open) parameters.set("open", open);
  return `${rows.dataset.inboxRows}?${parameters}`;
}

async function fetched(url) {
  const response = await fetch(url, { headers: { "HX-Request": "true", "HX-Current-URL": location.href } });
  if (!response.ok) throw new Error(response.status);
  const fresh = document.createElement("template");
  fresh.innerHTML = await response.text();
  return fresh.content;
}

async function refresh() {
  const rows = one("[data-inbox-rows]");
  if (!rows) return;
  const mine = ++asking;
  let fresh;
  try {
    fresh = await fetched(address(rows));
  } catch {
    return; // the next change asks again
  }
  if (mine !== asking) return;
  if (busy(rows) && one(".conv-list", rows)) return inPlace(rows, fresh);
  show(rows, fresh);
}

function show(rows, fresh) {
  rows.replaceChildren(...fresh.childNodes);
  window.htmx.process(rows);
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: rows } }));
}

/** Each row that is shown gets its fresh content and stays where it is; what is new waits behind the bar. */
function inPlace(rows, fresh) {
  const known = new Map(all("[data-row]", rows).map((row) => [row.id, row]));
  let coming = 0;
  for (const row of all("[data-row]", fresh)) {
    const old = known.get(row.id);
    if (!old) coming += 1;
    else if (old.dataset.version !== row.dataset.version && !old.contains(document.activeElement)) {
      old.replaceWith(row);
      window.htmx.process(row);
    }
  }
  const order = all("[data-row]", fresh).map((row) => row.id).join();
  const shown = [...known.keys()].slice(0, all("[data-row]", fresh).length).join();
  const bar = one("[data-inbox-new]", rows);
  if (!bar || (!coming && order === shown)) return;
  bar.hidden = false;
  bar.textContent = coming ? say("new_bar", { n: coming }) : say("order_bar");
}

document.body.addEventListener("live:inbox", refresh);
on("click", "[data-inbox-new]", async () => {
  const rows = one("[data-inbox-rows]");
  show(rows, await fetched(address(rows)));
  one("[data-row-link]", rows)?.focus();
});

// The address changes with the conversation; the views' numbers come with the next fresh page of rows.
on("click", "[data-more]", async (event, link) => {
  event.preventDefault();
  const last = link.closest("li");
  const fresh = await fetched(link.dataset.more);
  const first = one("[data-row-link]", fresh);
  const list = last.parentElement;
  last.replaceWith(...fresh.childNodes);
  window.htmx.process(list);
  first?.focus();
});

// The row of the conversation that is open is marked, also when the server chose which one opens.
each("[data-conversation]", (pane) => {
  for (const link of all("[data-row-link][aria-current]")) link.removeAttribute("aria-current");
  one(`#row-${pane.dataset.conversation} [data-row-link]`)?.setAttribute("aria-current", "true");
});

// Choosing several.
function chosen() {
  const bar = one("[data-bulk]");
  if (!bar) return;
  const number = all("[data-pick]:checked").length;
  bar.hidden = !number;
  one("[data-bulk-count]", bar).textContent = number ? say("chosen", { n: number }) : "";
}
on("change", "[data-pick]", chosen);
on("click", "[data-bulk-clear]", () => {
  for (const box of all("[data-pick]:checked")) box.checked = false;
  chosen();
});
each("[data-bulk]", chosen);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !one("[data-pick]:checked") || one("dialog[open], [popover]:popover-open")) return;
  event.preventDefault(); // Esc only lets go of the chosen ones
  one("[data-bulk-clear]")?.click();
});

const ROW_KEYS = { x: "[data-pick]", o: "[data-row-link]" };

/** X chooses the row in hand; O opens it. Called by the keys of every page; false when the key is none of these. */
export function rowKey(key) {
  if (!ROW_KEYS[key]) return false;
  const row = document.activeElement?.closest?.("[data-row]") ?? one('[data-row]:has([aria-current="true"])');
  if (!row || !one("[data-inbox]")) return false;
  one(ROW_KEYS[key], row)?.click();
  return true;
}
