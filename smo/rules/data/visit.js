// What a site tells of its visitors: where they came from and what came of it. No cookie, nothing stored, nobody named.
(() => {
  const script = document.currentScript;
  const { site, convert, goal, value, currency } = script.dataset;
  const where = new URL("../v/" + site + "/", script.src);
  const page = new URL(location);
  const untracked = navigator.globalPrivacyControl || navigator.doNotTrack === "1";
  const tell = (told) =>
    fetch(where, {
      method: "POST",
      body: JSON.stringify({ untracked: !!untracked, ...told }),
      keepalive: true,
      credentials: "omit",
      mode: "cors",
    }).catch(() => {});
  const from = document.referrer;
  const click = page.searchParams.get("gdc");
  if (click || page.searchParams.has("utm_source") || !from || new URL(from).host !== page.host) {
    tell({ url: page.href.slice(0, 2000), referrer: from.slice(0, 2000) });
  }
  if (click) {
    page.searchParams.delete("gdc");
    history.replaceState(history.state, "", page);
  }
  const tellConversion = (key, more) => tell({ key, ...more });
  window.gardu = { convert: tellConversion, click };
  if (convert) setTimeout(tellConversion, 300, convert, { goal, value, currency });
})();
