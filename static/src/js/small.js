// Small behaviours: time left that ticks, copy to the clipboard, controls that submit their form, the demo toast.
import { all, each, on, one, say } from "./dom.js";
import { words } from "./calendar_time.js";
import { toast } from "./toast.js";

function left(chip) {
  const minutes = Math.floor((Date.parse(chip.dataset.due) - Date.now()) / 60000);
  const far = Math.abs(minutes);
  const [hours, days] = [Math.floor(far / 60), Math.floor(far / 1440)];
  const span = far < 60 ? say("minutes", { n: far }) : hours < 24 ? say("hours", { h: hours, m: String(far % 60).padStart(2, "0") }) : say("days", { n: days });
  one("span", chip).textContent = say(minutes < 0 ? "late" : "left", { span });
  chip.dataset.status = minutes < 15 ? "bad" : minutes < 1440 ? "wait" : "draft";
}

each("[data-due]", left);
setInterval(() => all("[data-due]").forEach(left), 20000);

// A day and time in words, until somebody is about to change it.
each("[data-when]", (label) => {
  const field = one("input", label);
  const show = () => (one("[data-when-words]", label).textContent = field.value ? words(field.value) : "");
  field.addEventListener("input", show);
  label.addEventListener("click", () => field.showPicker?.());
  show();
});

on("click", "[data-copy]", async (_event, button) => {
  const field = button.dataset.copyFrom && one(button.dataset.copyFrom);
  await navigator.clipboard.writeText(field ? field.value : button.dataset.copy || button.textContent.trim());
  toast({ text: say("copied"), seconds: 3 });
});
on("change", "[data-submit]", (_event, control) => control.form?.requestSubmit());
on("click", "[data-demo-toast]", () => toast({ text: "Moved to Thu 26 Nov, 19:30", undo: () => toast({ text: say("undone"), seconds: 3 }) }));
