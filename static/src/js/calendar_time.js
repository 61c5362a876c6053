// Wall times as the calendar writes them, "2026-11-26T19:30", without any zone: the server knows the zone.
const toDate = (at) => new Date(`${at.slice(0, 16)}:00Z`);
const toText = (date) => date.toISOString().slice(0, 16);

export const addMinutes = (at, minutes) => toText(new Date(toDate(at).getTime() + minutes * 60000));
export const dayOf = (at) => at.slice(0, 10);
export const timeOf = (at) => at.slice(11, 16);
export const isPast = (at, now) => Boolean(now) && at < now.slice(0, 16);

/** "Thu 26 Nov, 19:30", in the page's language. */
export function words(at) {
  const page = document.documentElement.lang || "en";
  const language = page === "en" ? "en-GB" : page; // the day first, as everywhere on these pages
  const day = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(toDate(at));
  return `${day}, ${timeOf(at)}`;
}

/** When a card dropped on `place` would go out. On its own day it moves to the band's time, else it keeps its own. */
export function landing(place, card) {
  const slot = place.closest("[data-slot]");
  if (slot) return slot.dataset.slot.slice(0, 16);
  const day = place.closest("[data-day]");
  if (!day) return null;
  const own = card.dataset.at;
  const band = day.dataset.band || "09:00";
  if (!own) return `${day.dataset.day}T${band}`;
  const same = dayOf(own) === day.dataset.day && !day.contains(card);
  return `${day.dataset.day}T${same ? band : timeOf(own)}`;
}
