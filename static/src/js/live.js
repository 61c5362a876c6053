// Asks once a second whether anything changed, while somebody looks; says so as live:<topic> on the body.
import { all, one, say } from "./dom.js";

const PAUSE = 1000;
const SLOWEST = 20000;
const meta = one('meta[name="live-token"]');

let version = Number(meta?.dataset.version ?? 0);
let wait = PAUSE;
let timer = 0;

function show(up) {
  for (const sign of all("[data-live]")) {
    sign.dataset.live = up ? "on" : "off";
    if (!sign.dataset.words) sign.dataset.words = sign.textContent;
    sign.textContent = up ? sign.dataset.words : say("live_off");
  }
}

function tell(topics) {
  for (const topic of topics) {
    const names = topic === "*" ? heard() : [topic];
    for (const name of names) document.body.dispatchEvent(new CustomEvent(`live:${name}`));
  }
}

/** After a lost server nobody knows what changed: every topic somebody on this page listens to. */
function heard() {
  const names = all("[hx-trigger*='live:']").flatMap((element) => element.getAttribute("hx-trigger").match(/live:(\w+)/g) ?? []);
  return new Set(names.map((name) => name.slice(5)));
}

async function ask() {
  if (document.hidden) return;
  try {
    const response = await fetch(`/live/?t=${encodeURIComponent(meta.content)}&v=${version}`, { headers: { Accept: "application/json" } });
    if (response.status === 403) return; // the token is too old: the next page brings another
    if (!response.ok) throw new Error(response.status);
    const { v, topics } = await response.json();
    version = v;
    wait = PAUSE;
    show(true);
    tell(topics);
  } catch {
    wait = Math.min(wait * 2, SLOWEST);
    show(false);
  }
  again();
}

function again() {
  clearTimeout(timer);
  timer = setTimeout(ask, wait);
}

if (meta) {
  again();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return clearTimeout(timer);
    wait = PAUSE;
    return ask();
  });
}
