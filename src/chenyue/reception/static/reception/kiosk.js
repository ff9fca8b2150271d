// The kiosk: back to the start when nobody touches it, patient when the connection is away, keys for numbers.
import { watch } from "./live.js";

const page = document.body;
const away = document.getElementById("away"), giveUp = document.getElementById("give-up");
const said = away.querySelector("span");
const IDLE = Number(page.dataset.idle), PATIENCE = 3000, GIVEN_UP = 5 * 60;
let trying = false, stopped = false, left = IDLE;

for (const shy of document.querySelectorAll("[data-script]")) shy.hidden = false;
function tell(name, seconds = 0) {
  away.hidden = !name;
  if (name) said.textContent = said.dataset[name].replace("{seconds}", seconds);
}

// Sent again and again with the same key until it has arrived: one number, whatever the connection does.
async function patiently(form, body) {
  const began = Date.now();
  trying = true; stopped = false;
  form.setAttribute("aria-busy", "true");
  while (!stopped) {
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(10000) });
      if (answer.redirected) { location.replace(answer.url); return; }
      if (answer.status < 500) { show(await answer.text()); break; }
    } catch { /* not arrived, or its answer was lost */ }
    const seconds = Math.round((Date.now() - began) / 1000);
    tell(seconds < 15 ? "away" : "again", seconds);
    giveUp.hidden = false;
    if (seconds > GIVEN_UP) break;
    await new Promise((go) => { setTimeout(go, PATIENCE); });
  }
  trying = false;
  giveUp.hidden = true;
  form.removeAttribute("aria-busy");
  tell("");
}
function show(text) {
  const answer = new DOMParser().parseFromString(text, "text/html");
  document.querySelector("main").replaceWith(answer.querySelector("main") ?? document.createElement("main"));
  for (const shy of document.querySelectorAll("[data-script]")) shy.hidden = false;
  document.querySelector('[role="alert"]:not([hidden])')?.scrollIntoView();
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-patient]")) return;
  event.preventDefault();
  if (trying) return;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  patiently(form, body);
});
giveUp.addEventListener("click", () => { stopped = true; });

// Keys
document.addEventListener("click", (event) => {
  left = IDLE;
  const key = event.target.closest("[data-digit]");
  const field = document.querySelector("[data-pad]");
  if (key && field) field.value = key.dataset.digit ? (field.value + key.dataset.digit).slice(0, 24) : field.value.slice(0, -1);
  if (event.target.closest("[data-print-now]")) window.print();
});
for (const touched of ["keydown", "pointerdown", "input"]) document.addEventListener(touched, () => { left = IDLE; });

// Nobody here any more: the next visitor finds the start, and nothing of the one before.
if (IDLE) setInterval(() => {
  if (trying) { left = IDLE; return; }
  left -= 1;
  const shown = document.querySelector("[data-left]");
  if (shown) shown.textContent = `${left} s`;
  if (left <= 0 && navigator.onLine) location.replace(page.dataset.start);
}, 1000);

// The start shows the wait as it is now.
const now = document.getElementById("now");
let drawn = "";
async function refresh() {
  if (trying || document.getElementById("refusal")) return;
  try {
    const answer = await fetch(page.dataset.start, { headers: { "HX-Request": "true" }, cache: "no-store" });
    if (answer.ok && !trying) now.innerHTML = await answer.text();
  } catch { /* the next frame asks again */ }
}
if (now) {
  watch({
    key: now.dataset.key, stream: now.dataset.stream, now: now.dataset.now,
    frame: (found) => {
      const what = JSON.stringify([found.state, found.sitting, found.waiting, found.stopped, found.windows.length]);
      if (drawn && drawn !== what) refresh();
      drawn = what;
    },
    told: (state) => { if (!trying) tell(state === "gone" ? "gone" : state === "paused" ? "away" : ""); },
  });
  // A refusal is read, then the start is as it was.
  setInterval(() => { if (document.getElementById("refusal") && !trying) location.replace(page.dataset.start); }, 30000);
}
