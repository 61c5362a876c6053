// Share buttons with a script: the phone's own list of places, copying, and asking which server. No cookie, no call.
customElements.define("gardu-share", class extends HTMLElement {
  connectedCallback() {
    const root = this.getRootNode(), nav = this.querySelector("nav"), my = this.dataset, code = encodeURIComponent, key = "gardu-server";
    if (this.on || !nav) return;
    this.on = 1;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(this.querySelector("template").content.textContent);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    if (my.here) {
      const page = document.querySelector("link[rel=canonical]")?.href || location.href.split("#")[0];
      const swap = (text, how) => text.replaceAll(how(my.here + "?"), how(page + (page.includes("?") ? "&" : "?"))).replaceAll(how(my.here), how(page));
      for (const a of nav.querySelectorAll("a")) {
        a.href = swap(swap(a.getAttribute("href"), code), String);
        if (a.dataset.ask) a.dataset.ask = swap(a.dataset.ask, code);
      }
      my.url = swap(my.url, String);
    }
    nav.onclick = (event) => {
      const a = event.target.closest("a"), to = a?.dataset;
      if (to?.ask) {
        event.preventDefault();
        const server = prompt(my.ask, localStorage[key] || "")?.trim().replace(/^(https?:\/\/)?([^/]*@)?|\/.*$/g, "");
        if (/^[\w-]+(\.[\w-]+)+$/.test(server)) open(to.ask.replace("{server}", (localStorage[key] = server)), "_blank", "noopener");
      } else if (to?.copy && navigator.clipboard) {
        event.preventDefault();
        navigator.clipboard.writeText(a.href).then(() => (a.lastChild.textContent = to.copied));
      }
    };
    const copy = nav.querySelector("[data-copy]");
    if (copy) (copy.lastChild.textContent = copy.dataset.copy), (copy.ariaLive = "polite");
    if (!navigator.share || !matchMedia("(pointer:coarse)").matches) return;
    const item = document.createElement("li"), button = document.createElement("button");
    button.dataset.to = "sheet";
    button.textContent = my.share;
    button.onclick = () => navigator.share({ title: document.title, text: my.text, url: my.url }).catch((no) => no.name == "AbortError" || delete nav.dataset.sheet);
    item.append(button);
    nav.querySelector("ul").prepend(item);
    nav.dataset.sheet = "";
  }
});
