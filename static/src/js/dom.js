// Two small words all modules share: find, and be called for what is on the page and for what htmx brings.

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Calls `bind` once for every element that matches, now and whenever htmx swaps some in. */
export function each(selector, bind) {
  const seen = new WeakSet();
  const visit = (root) => {
    const found = root.matches?.(selector) ? [root, ...all(selector, root)] : all(selector, root);
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      bind(element);
    }
  };
  visit(document);
  document.addEventListener("htmx:load", (event) => visit(event.detail.elt));
}

/** Listens on the document for `type` events inside elements that match `selector`. */
export function on(type, selector, handle, options) {
  document.addEventListener(
    type,
    (event) => {
      const element = event.target.closest?.(selector);
      if (element) handle(event, element);
    },
    options,
  );
}

export function remember(name, value) {
  const age = value ? 31536000 : 0;
  document.cookie = `${name}=${value}; path=/; max-age=${age}; samesite=lax`;
}

export function recall(name) {
  return document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";
}

/** The words of this page's language, from the JSON of `_words.html`; `{name}` takes a value. */
let words;
export function say(key, values = {}) {
  words ??= JSON.parse(one("#words")?.textContent ?? "{}");
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Says something to a screen reader without moving the focus. */
export function announce(text, urgent = false) {
  const region = one(urgent ? "#assertive" : "#polite");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = text));
}

export const typing = (target) =>
  target.isContentEditable || /^(textarea|select)$/i.test(target.tagName) ||
  (target.tagName === "INPUT" && !/^(checkbox|radio|button|submit|range|file)$/.test(target.type));

export const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? recall("csrftoken");

/** POSTs JSON and gives the response; `htmx` events its headers ask for are fired too. */
export async function post(url, data) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" },
    body: JSON.stringify(data),
  });
  fire(response.headers.get("HX-Trigger"));
  return response;
}

function fire(header) {
  if (!header) return;
  const events = header.startsWith("{") ? JSON.parse(header) : Object.fromEntries(header.split(",").map((n) => [n.trim(), {}]));
  for (const [name, detail] of Object.entries(events)) {
    document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}
