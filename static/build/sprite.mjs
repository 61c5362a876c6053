// Builds one SVG sprite out of the icons the product uses; the list is icons.txt, one Tabler name a line.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const names = readFileSync(new URL("icons.txt", import.meta.url), "utf8").split(/\s+/).filter(Boolean);
const source = (name) => readFileSync(`node_modules/@tabler/icons/icons/outline/${name}.svg`, "utf8");
const shapes = (svg) =>
  svg
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace("</svg>", "")
    .replace(/<path stroke="none"[^>]*\/>/g, "")
    .replace(/\s+/g, " ")
    .trim();

const symbols = names.map((name) => `<symbol id="${name}" viewBox="0 0 24 24">${shapes(source(name))}</symbol>`);
mkdirSync("static/src/generated", { recursive: true });
writeFileSync(
  "static/src/generated/icons.svg",
  `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`,
);
console.log(`sprite: ${names.length} icons`);
