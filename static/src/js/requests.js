// htmx, set up for a strict policy; when a request fails, a toast says what happened and what to do.
import htmx from "htmx.org";
import { announce, say } from "./dom.js";
import { toast } from "./toast.js";

window.htmx = htmx;
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.attributesToSettle = ["class", "width", "height"]; // not "style": the policy would refuse it
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true }, // a form comes back with its errors
  { code: "409", swap: true }, // somebody else was faster: the piece says who
  { code: "[45]..", swap: false, error: true },
];

const REASONS = { 401: "signed_out", 403: "not_allowed", 404: "gone", 413: "too_large", 429: "too_often", 503: "busy" };

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  const request = event.detail.xhr.getResponseHeader?.("X-Request-ID");
  const detail = say(`error_${REASONS[status] ?? "server"}_do`) + (request ? ` (${request})` : "");
  toast({ text: say(`error_${REASONS[status] ?? "server"}`), detail, tone: "bad" });
});
document.addEventListener("htmx:sendError", () => {
  toast({ text: say("error_offline"), detail: say("error_offline_do"), tone: "bad" });
});
document.addEventListener("htmx:timeout", () => {
  toast({ text: say("error_slow"), detail: say("error_slow_do"), tone: "bad" });
});

// After a swap that asks for it, the focus goes to the new heading and a screen reader hears it.
document.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target.querySelector?.("[data-focus]");
  if (target) {
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus({ preventScroll: false });
  }
  const news = event.detail.target.querySelector?.("[data-announce]");
  if (news) announce(news.textContent.trim());
});
document.body.addEventListener("announce", (event) => announce(event.detail.value ?? event.detail.text ?? ""));
