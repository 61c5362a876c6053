// The officer's decision: a key chooses and leaves the focus on the choice, so that Enter sends it.
import { on, one } from "./dom.js";

on("click", "[data-decision] [data-choice]", (_event, choice) => {
  const input = one("input", choice);
  if (!input.disabled) input.focus();
});

on("change", "[data-decision] [name=choice]", (_event, input) => {
  const go = one("[data-decision-go]", input.form);
  one("span", go).textContent = go.dataset[input.value];
});
