// The calling screen: draws each frame, announces each call once, and says so when it may be old.
import { allowSound, chime, soundAllowed, speak, watch } from "./live.js";

const page = document.getElementById("screen");
const words = page.dataset;
const part = (name) => page.querySelector(`[data-part="${name}"]`);
const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const LAST = `chenyue.call.${words.venue}`;
const remembered = Number(sessionStorage.getItem(LAST) ?? 0);
let announced = remembered, first = !remembered, showing = [];

function put(name, text) {
  const place = part(name);
  if (place && place.textContent !== text) place.textContent = text;
}
function rows(name, items, write) {
  const place = part(name), pattern = page.querySelector(`template[data-for="${name}"]`);
  place.replaceChildren(...items.map((item) => {
    const row = pattern.content.firstElementChild.cloneNode(true);
    write(row, item);
    return row;
  }));
}
function cell(row, name, text) { row.querySelector(`[data-cell="${name}"]`).textContent = text; }

function draw(frame) {
  const open = frame.state === "open";
  page.dataset.state = frame.state;
  put("hours", frame.hours ?? "");
  put("names", (frame.names ?? []).join("　"));
  part("who").hidden = !frame.names?.length;
  put("told", frame.told);
  put("reason", frame.reason ?? "");
  const newest = frame.calls[0];
  if (!showing.length) large(newest);
  part("none").hidden = !open || Boolean(newest);
  rows("windows", frame.windows, (row, w) => {
    cell(row, "window", fill(words.window, w));
    cell(row, "label", w.label);
    cell(row, "name", w.name);
  });
  rows("calls", frame.calls.slice(1, 7), (row, c) => {
    cell(row, "at", c.at);
    cell(row, "label", c.label);
    cell(row, "window", fill(words.window, c));
  });
  rows("next", frame.next, (row, label) => { row.textContent = label; });
  put("waiting", fill(words.waiting, { n: frame.waiting }));
  part("line").hidden = !open;
  part("stopped").hidden = !(open && frame.stopped);
  part("log").hidden = frame.calls.length < 2;
  announce(frame.calls);
}

function large(call) {
  part("now").hidden = !call;
  if (!call) return;
  put("label", call.label);
  put("window", fill(words.window, call));
  put("name", call.name);
}

// Every call is announced, in its order, also when several came in one frame; a page just opened keeps quiet.
function announce(calls) {
  const newest = calls[0]?.id ?? 0;
  const fresh = first ? [] : calls.filter((c) => c.id > announced).reverse();
  first = false;
  if (newest > announced) { announced = newest; sessionStorage.setItem(LAST, String(newest)); }
  if (!fresh.length) return;
  const idle = !showing.length;
  showing.push(...fresh);
  if (idle) next();
}
function next() {
  const call = showing[0];
  if (!call) return;
  large(call);
  const now = part("now");
  now.classList.remove("calling");
  void now.offsetWidth; // begins the movement anew
  now.classList.add("calling");
  put("said", fill(words.call, call));
  if (soundAllowed()) { chime(); setTimeout(() => speak(fill(words.call, call)), 1300); }
  setTimeout(() => { showing.shift(); next(); }, showing.length > 3 ? 2000 : 4000);
}

function told(state, since) {
  const time = since.toLocaleTimeString("zh-CN", { hour12: false });
  part("paused").hidden = state === "live";
  put("paused-words", fill(state === "gone" ? words.gone : words.paused, { time }));
  page.classList.toggle("old", state !== "live");
}

const sound = part("sound");
async function trySound() {
  const works = await allowSound();
  sound.hidden = works;
  if (works) localStorage.setItem("chenyue.sound", "1");
  return works;
}
sound.addEventListener("click", async () => { if (await trySound()) chime(); });
sound.hidden = false;
if (localStorage.getItem("chenyue.sound")) trySound(); // a browser that waits for a touch keeps the button
window.speechSynthesis?.getVoices(); // some browsers load them only when asked

function clock() {
  put("clock", new Date().toLocaleTimeString("zh-CN", { hour12: false, hour: "2-digit", minute: "2-digit" }));
}
clock();
setInterval(clock, 5000);
draw(JSON.parse(document.getElementById("frame").textContent));
watch({ key: words.key, stream: words.stream, now: words.now, frame: draw, told });
