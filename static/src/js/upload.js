// Uploads: choose, drop or paste; each file shows its progress and goes on while one writes.
import { all, announce, on, one, say, token } from "./dom.js";
import { toast } from "./toast.js";

const zoneOf = (element) => one("[data-upload]", element.closest("[data-composer], [data-upload-area]") ?? document);

function fits(file, zone) {
  const accept = one("input[type=file]", zone).accept.split(",").map((type) => type.trim()).filter(Boolean);
  const known = accept.some((type) => type === file.type || (type.endsWith("/*") && file.type.startsWith(type.slice(0, -1))) || (type.startsWith(".") && file.name.toLowerCase().endsWith(type)));
  if (accept.length && !known) return say("upload_wrong_type", { name: file.name });
  const most = Number(zone.dataset.maxMb);
  if (most && file.size > most * 1048576) return say("upload_too_large", { name: file.name, limit: most });
  return "";
}

function tile(zone, file) {
  const piece = one("#upload-tile").content.firstElementChild.cloneNode(true);
  one("[data-upload-name]", piece).textContent = file.name;
  one("progress", piece).setAttribute("aria-label", file.name);
  const list = one(zone.dataset.uploadList);
  if (list?.contains(zone)) zone.before(piece);
  else list?.append(piece);
  return piece;
}

function failed(piece, file, why) {
  piece.remove();
  toast({ text: say("upload_failed", { name: file.name }), detail: why, tone: "bad" });
}

function done(piece, zone, file, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const arrived = [...template.content.children];
  piece.replaceWith(...arrived);
  for (const element of arrived) window.htmx.process(element);
  announce(say("upload_done", { name: file.name }));
  zone.dispatchEvent(new Event("change", { bubbles: true }));
  document.body.dispatchEvent(new CustomEvent("uploaded", { detail: { name: file.name } }));
}

function send(zone, file) {
  const refusal = fits(file, zone);
  if (refusal) return toast({ text: refusal, tone: "bad" });
  const piece = tile(zone, file);
  const bar = one("progress", piece);
  const left = one("[data-upload-left]", piece);
  const began = performance.now();
  const request = new XMLHttpRequest();
  request.open("POST", zone.dataset.upload);
  request.setRequestHeader("X-CSRFToken", token());
  request.setRequestHeader("HX-Request", "true");
  request.upload.onprogress = ({ loaded, total }) => {
    bar.value = (loaded / total) * 100;
    const seconds = Math.ceil((((performance.now() - began) / loaded) * (total - loaded)) / 1000);
    left.textContent = say("upload_left", { percent: Math.round(bar.value), seconds });
  };
  request.onload = () => {
    if (request.status >= 200 && request.status < 300) return done(piece, zone, file, request.responseText);
    let why = say("error_server_do");
    if (request.getResponseHeader("Content-Type")?.startsWith("application/json")) why = JSON.parse(request.responseText).error ?? why;
    return failed(piece, file, why);
  };
  request.onerror = () => failed(piece, file, say("error_offline_do"));
  const data = new FormData();
  data.append("file", file, file.name);
  return request.send(data);
}

on("change", "[data-upload] input[type=file]", (event, input) => {
  event.stopPropagation();
  for (const file of input.files) send(input.closest("[data-upload]"), file);
  input.value = "";
}, true);

const files = (transfer) => [...(transfer?.files ?? [])];
on("paste", "[data-composer], [data-upload-area]", (event, area) => {
  const zone = zoneOf(area);
  const pasted = files(event.clipboardData);
  if (!zone || !pasted.length) return;
  event.preventDefault();
  for (const file of pasted) send(zone, file);
});
on("dragover", "[data-composer], [data-upload-area], [data-upload]", (event, area) => {
  const zone = area.matches("[data-upload]") ? area : zoneOf(area);
  if (!zone || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  zone.dataset.over = "";
});
on("dragleave", "[data-composer], [data-upload-area], [data-upload]", () => all("[data-upload][data-over]").forEach((zone) => delete zone.dataset.over));
on("drop", "[data-composer], [data-upload-area], [data-upload]", (event, area) => {
  const zone = area.matches("[data-upload]") ? area : zoneOf(area);
  if (!zone || !files(event.dataTransfer).length) return;
  event.preventDefault();
  delete zone.dataset.over;
  for (const file of files(event.dataTransfer)) send(zone, file);
});
