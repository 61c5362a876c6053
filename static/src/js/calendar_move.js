// Moving a post: asks the server, says where it went and how to undo, and lets the calendar draw itself again.
import { announce, one, post, say } from "./dom.js";
import { isPast, words } from "./calendar_time.js";
import { toast } from "./toast.js";

export const nowOf = () => one("[data-calendar]")?.dataset.now ?? "";

async function send(url, at) {
  try {
    const response = await post(url, { local_at: at });
    const answer = await response.json().catch(() => ({}));
    return response.ok ? { when: answer.when ?? words(at) } : { error: answer.error ?? say("error_server_do") };
  } catch {
    return { error: say("error_offline_do") };
  }
}

function redraw() {
  document.body.dispatchEvent(new CustomEvent("calendar:moved"));
}

/** Moves a card's post to `at`. Gives false when it was refused, after saying why. */
export async function move(card, at) {
  const { moveUrl: url, at: before } = card.dataset;
  if (isPast(at, nowOf())) {
    toast({ text: say("move_failed"), detail: say("move_past"), tone: "bad" });
    return false;
  }
  card.setAttribute("aria-busy", "true");
  const { when, error } = await send(url, at);
  card.removeAttribute("aria-busy");
  if (error) {
    toast({ text: say("move_failed"), detail: error, tone: "bad" });
    return false;
  }
  card.dataset.at = at;
  const undo = async () => {
    const back = await send(url, before ?? ""); // it lay in the tray: back there
    if (back.error) toast({ text: say("move_failed"), detail: back.error, tone: "bad" });
    redraw();
  };
  toast({ text: say("moved", { when }), undo });
  announce(say("moved", { when }));
  redraw();
  return true;
}
