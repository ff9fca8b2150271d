// One's own ticket: numbers change in place; what else happens to it is asked for, by its holder only.
import { allowSound, chime, watch } from "./live.js";

const page = document.getElementById("ticket");
const words = page.dataset;
const title = document.title;
const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const state = () => page.querySelector("[data-state]").dataset.state;
const put = (name, text) => {
  const place = page.querySelector(`[data-part="${name}"]`);
  if (place && place.textContent !== text) place.textContent = text;
};
let asking = false, calls = 0, rang = "";

async function anew() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" }, cache: "no-store" });
    if (answer.ok) page.innerHTML = await answer.text();
  } catch { /* the next frame asks again */ } finally { asking = false; }
  ring();
}
// Each call of this number is felt and heard once, a second call again.
function ring() {
  const called = state() === "called";
  document.title = called ? `${page.querySelector(".ticket-call").textContent.trim()} · ${title}` : title;
  const now = called ? `called${calls}` : "";
  if (called && now !== rang) { navigator.vibrate?.([400, 200, 400, 200, 800]); chime(); }
  rang = now;
}
function place(frame) {
  if (frame.called[words.label]) return frame.called[words.label][1];
  if (frame.line[words.label]) return "waiting";
  return frame.held.includes(words.label) ? "held" : "";
}
function frame(found) {
  const mine = String(found.sitting) === words.sitting;
  const here = mine ? place(found) : "";
  calls = found.called[words.label]?.[2] ?? calls;
  if (here === "waiting" && state() === "waiting") {
    const [n, low, high] = found.line[words.label];
    put("ahead", n ? fill(words.ahead, { n }) : words.first);
    put("wait", fill(words.wait, { low, high }));
  } else if (here !== state() && !(here === "" && state() === "booked" && mine)) {
    // Not all in the same moment, when a sitting ends for everybody.
    setTimeout(anew, here ? 0 : Math.random() * 3000);
  } else ring();
}
function told(now) {
  const paused = document.querySelector('[data-part="paused"]');
  if (paused) paused.hidden = now === "live";
}

document.querySelector('[data-part="sound"]')?.addEventListener("click", async (event) => {
  if (await allowSound()) { chime(); event.target.closest("button").hidden = true; }
});
calls = Number(words.calls);
ring();
watch({ key: words.key, stream: words.stream, now: words.now, frame, told });
