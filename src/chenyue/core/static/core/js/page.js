// What every page does beyond plain HTML: htmx manners, focus, clocks, copy, print, dialogs. No page needs it.
const words = document.getElementById("page-words")?.dataset ?? {};
const toast = document.getElementById("toast");

function say(sentence) {
  if (!toast) return;
  toast.textContent = sentence;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { toast.textContent = ""; }, 5000);
}
document.addEventListener("chenyue:say", (event) => say(event.detail));

// The token against forged requests goes with each htmx request from here, and from nowhere else.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});
document.addEventListener("htmx:sendError", () => say(words.failed));
// A refusal comes as a note for the messages (HX-Retarget) and is shown; any other error is said in one sentence.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400 || xhr.status === 422) return;
  if (xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
  else say(words.broken);
});

// After a swap the new heading (or the sum of errors) is where reading goes on.
document.addEventListener("htmx:afterSwap", (event) => {
  const place = event.detail.target;
  const goal = place.querySelector("[data-focus]") ?? (place.matches("[data-focus-after]") ? place.querySelector("h1, h2, h3") : null);
  if (!goal) return;
  goal.tabIndex = -1;
  goal.focus({ preventScroll: false });
});
document.querySelector("[data-focus]")?.focus();

// Clocks go on: each minute, in the words the server gave.
function span(minutes) {
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const part = (pattern, n) => (n ? pattern.replace("%d", n) : "");
  if (d) return [part(words.d, d), part(words.h, h)].filter(Boolean).join(" ");
  if (h) return [part(words.h, h), part(words.min, m)].filter(Boolean).join(" ");
  return part(words.min, m) || words.moment;
}
function tick() {
  for (const clock of document.querySelectorAll("[data-due]")) {
    const left = new Date(clock.dataset.due) - Date.now();
    const told = (left < 0 ? words.overdue : words.left).replace("%s", span(Math.floor(Math.abs(left) / 60000)));
    const place = clock.querySelector("b");
    if (place && place.textContent !== told) place.textContent = told;
    clock.classList.remove("tone-wait", "tone-due", "tone-late");
    clock.classList.add(left < 0 ? "tone-late" : left <= 4 * 3600000 ? "tone-due" : "tone-wait");
  }
}
if (words.left) setInterval(() => { if (!document.hidden) tick(); }, 60000);

// A table that is wider than its place can be scrolled by keyboard, and only then is a stop of the Tab key.
const widths = new ResizeObserver((seen) => {
  for (const { target } of seen) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
function observeTables() {
  for (const table of document.querySelectorAll(".table-wrap")) widths.observe(table);
}
observeTables();
document.addEventListener("htmx:afterSettle", observeTables);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-print], [data-opens], [data-speak]");
  if (!button) return;
  if ("print" in button.dataset) window.print();
  if (button.dataset.opens) document.getElementById(button.dataset.opens)?.showModal();
  if ("copy" in button.dataset) {
    const text = button.dataset.copy || document.querySelector(button.dataset.copyFrom)?.textContent || "";
    try { await navigator.clipboard.writeText(text.trim()); say(words.copied); } catch { window.getSelection().selectAllChildren(button.previousElementSibling ?? button); }
  }
  if (button.dataset.speak && "speechSynthesis" in window) {
    speechSynthesis.cancel();
    const told = new SpeechSynthesisUtterance(document.querySelector(button.dataset.speak)?.textContent ?? "");
    told.lang = "zh-CN"; told.rate = 0.9;
    speechSynthesis.speak(told);
  }
});

// A menu closes when the reader goes elsewhere, or with Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

// What needs script shows only where there is script.
for (const shy of document.querySelectorAll("[data-script]")) shy.hidden = false;
if (!("speechSynthesis" in window)) for (const b of document.querySelectorAll("[data-speak]")) b.hidden = true;
