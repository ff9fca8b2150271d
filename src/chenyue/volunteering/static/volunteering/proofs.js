// Shows the code of the running half minute from those that came with the page, and fetches more while there is a
// network. The server's clock counts: the page brings its moment. Without script the page reloads itself.
const list = document.querySelector("[data-codes]");
if (list) {
  const ahead = Number(list.dataset.now) - Date.now();
  const long = Number(list.dataset.seconds) * 1000;
  const stale = document.querySelector("[data-stale]");
  const show = () => {
    const now = Date.now() + ahead;
    let found = false;
    for (const one of list.children) {
      const begins = Number(one.dataset.begins);
      const running = now >= begins && now < begins + long;
      one.hidden = !running;
      found ||= running;
    }
    if (stale) stale.hidden = found;
  };
  const fetchMore = async () => {
    try {
      const answer = await fetch(list.dataset.codes, { credentials: "same-origin", redirect: "error" });
      const words = answer.ok ? await answer.text() : "";
      if (words.includes("data-begins")) list.innerHTML = words;
    } catch { /* no network: the codes at hand go on for ten minutes */ }
    show();
  };
  show();
  setInterval(show, 500);
  setInterval(fetchMore, 4 * long);
  if (navigator.wakeLock) navigator.wakeLock.request("screen").catch(() => {});
}
// What the telephone's own clock says goes along; it is never counted.
const form = document.querySelector("form[data-clock]");
if (form) form.addEventListener("submit", () => { form.elements.clock.value = new Date().toISOString(); });
