// How long a text is by each network's rule, and where its reader has to press "more". The same rules as networks/text.py.
import tlds from "tlds";

const clusters = new Intl.Segmenter("und", { granularity: "grapheme" });
const EMOJI = /^\p{RGI_Emoji}$/v;
const LIGHT = [[0, 4351], [8192, 8205], [8208, 8223], [8242, 8247]];
const LINK_WEIGHT = 23;
const RESERVED = /[|{}@[\]()<>#\\*_~]/g;

const endings = [...tlds].sort((a, b) => b.length - a.length).join("|");
const name = (letters) => String.raw`(?:[${letters}](?:[-_${letters}]{0,61}[${letters}])?\.)+(?:${endings}|xn--[a-z0-9]+)(?![0-9a-z@+\-])`;
const LINK = new RegExp(
  String.raw`(?<![A-Za-z0-9@＠$#＃])(?:https?:\/\/${name("\\p{L}\\p{N}")}|(?<![-_.\/])${name("a-z0-9À-ÖØ-öø-ɏ")})` +
    String.raw`(?::\d+)?(?:\/(?:[a-z\p{Script=Cyrillic}0-9!*';:=+,.$\/%#\[\]\-–_~@|&À-ɏ]|\([^\s()]*\))*)?(?:\?[a-z0-9!?*'@();:&=+$\/%#\[\]\-_.,~|]*)?`,
  "giu",
);
const trimmed = (link) => link.replace(/[!*';:,.$%[\]~|@&]+$/u, "");

function weightOf(cluster) {
  if (EMOJI.test(cluster) || EMOJI.test(`${cluster}\ufe0f`)) return /^[©®\d#*]$/u.test(cluster) ? 1 : 2;
  let sum = 0;
  for (const char of cluster) {
    const code = char.codePointAt(0);
    sum += LIGHT.some(([first, last]) => code >= first && code <= last) ? 1 : 2;
  }
  return sum;
}

/** The pieces of a text as [end, weight]; `end` in UTF-16 units of `text`. */
function* pieces(text, weighted) {
  const links = weighted ? [...text.matchAll(LINK)].map((m) => [m.index, m.index + trimmed(m[0]).length]) : [];
  let next = 0;
  let inside = 0;
  for (const { segment, index } of clusters.segment(text)) {
    if (index < inside) continue;
    while (links[next] && links[next][0] < index) next += 1;
    if (links[next]?.[0] === index) {
      inside = links[next][1];
      yield [inside, LINK_WEIGHT];
    } else {
      yield [index + segment.length, weighted ? weightOf(segment) : 1];
    }
  }
}

const sum = (text, weighted) => {
  let total = 0;
  for (const [, weight] of pieces(text, weighted)) total += weight;
  return total;
};

const ADDRESS = /https?:\/\/[^\s<>"“”]+/giu;

/** The text as long as it will be sent: where addresses become tracked links, the short ones count. */
function asSent(text) {
  const choice = globalThis.document?.querySelector("[data-link-length]");
  if (!choice || (choice.value || (choice.dataset.unasked === "1" ? "true" : "")) !== "true") return text;
  return text.replace(ADDRESS, () => "l".repeat(Number(choice.dataset.linkLength)));
}

/** The length of `text`; `counting` is one of networks/protocol.py's Counting. */
export function count(text, counting) {
  if (counting === "weighted") return sum(text.normalize("NFC"), true); // every link weighs the same there
  text = asSent(text);
  if (counting === "graphemes") return sum(text, false);
  if (counting === "bytes") return new TextEncoder().encode(text).length;
  if (counting === "escaped") return text.length + (text.match(RESERVED)?.length ?? 0);
  return text.length;
}

/** Where a text is longer than `limit`: the index of the first character too many, or -1. */
export function excess(text, counting, limit) {
  if (!limit || count(text, counting) <= limit) return -1;
  const ends = [...clusters.segment(text)].map((piece) => piece.index);
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (count(text.slice(0, ends[middle + 1] ?? text.length), counting) <= limit) low = middle + 1;
    else high = middle;
  }
  return ends[low] ?? text.length;
}

/** Where the reader has to press "more": an index, or -1 when all is seen. */
export function fold(text, limits) {
  let end = text.length;
  if (limits.fold_lines) {
    const breaks = [...text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)];
    if (breaks.length >= limits.fold_lines) end = breaks[limits.fold_lines - 1].index;
  }
  if (limits.fold_characters) {
    let used = 0;
    let last = 0;
    for (const [stop, weight] of pieces(text, limits.counting === "weighted")) {
      used += weight;
      if (used > limits.fold_characters) {
        end = Math.min(end, last);
        break;
      }
      last = stop;
    }
  }
  return end < text.length ? end : -1;
}
