// The likeness of share buttons: their own HTML and rules in a shadow, where the house's styles do not reach; and order.
import { announce, each, on } from "./dom.js";

each("[data-share-likeness]", (host) => {
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(host.dataset.css);
  shadow.adoptedStyleSheets = [sheet];
  shadow.innerHTML = host.dataset.html;
  shadow.addEventListener("click", (event) => event.preventDefault());
});

on("click", "[data-move]", (_event, button) => {
  const row = button.closest("li");
  const other = button.dataset.move === "up" ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (button.dataset.move === "up") other.before(row);
  else other.after(row);
  button.focus();
  const rows = [...row.parentElement.children];
  announce(`${row.textContent.trim()}: ${rows.indexOf(row) + 1} / ${rows.length}`);
  row.dispatchEvent(new Event("reordered", { bubbles: true }));
});
