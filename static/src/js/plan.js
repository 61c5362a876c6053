// Planning: a free time is taken over by one press; a thread always has one empty part more; many posts are chosen.
import { all, announce, each, on, one } from "./dom.js";

on("click", "[data-take-time]", (event, button) => {
  event.preventDefault();
  const field = one("#local_at");
  if (!field) return;
  field.value = button.dataset.takeTime;
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  field.closest("label")?.scrollIntoView({ block: "nearest" });
  announce(field.value.replace("T", " "));
});

each("[data-thread-parts]", (list) => {
  list.addEventListener("input", () => {
    const parts = all("textarea", list);
    const last = parts[parts.length - 1];
    if (!last.value.trim() || parts.length >= 24) return;
    const row = last.closest("li").cloneNode(true);
    const text = one("textarea", row);
    text.value = "";
    text.id = `thread-${parts.length + 1}`;
    const label = one("label", row);
    label.htmlFor = text.id;
    label.textContent = label.textContent.replace(/\d+/, parts.length + 1);
    list.append(row);
  });
});

function count(form) {
  const chosen = all("input[name=posts]:checked", form.ownerDocument).length;
  const shown = one("[data-bulk-count]", form);
  if (shown) shown.textContent = chosen;
  form.toggleAttribute("data-chosen", chosen > 0);
}

each("[data-bulk]", (form) => {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-bulk-all]")) for (const box of all("input[name=posts]")) box.checked = event.target.checked;
    if (event.target.matches("input[name=posts], [data-bulk-all]")) count(form);
    if (event.target.matches("[name=how]", form)) for (const part of all("[data-how]", form)) part.hidden = part.dataset.how !== event.target.value;
  });
  count(form);
});
