// A live page's line to the office: an event stream; where there is none, asking from time to time, rarely while the
// page is hidden. What is on the page stays, with its time; `told("paused")` says that it may be old.
const QUIET = 25000; // ms without a word: then what is shown may be old
const ASK = 5000, ASK_HIDDEN = 30000, MOST = 15000;

export function watch({ key, stream, now, frame, told }) {
  let source = null, failures = 0, heard = Date.now(), state = "", seen = "", ended = false, timer = 0;

  function say(next) {
    if (next !== state) { state = next; told(next, new Date(heard)); }
  }
  function alive() { heard = Date.now(); failures = 0; say("live"); }
  function end() { ended = true; source?.close(); clearTimeout(timer); say("gone"); }

  function open() {
    if (ended) return;
    if (!("EventSource" in window)) { ask(); return; }
    source = new EventSource(`${stream}?key=${encodeURIComponent(key)}`);
    source.addEventListener("frame", (event) => { alive(); frame(JSON.parse(event.data)); });
    source.addEventListener("beat", alive);
    source.addEventListener("gone", end);
    source.addEventListener("busy", () => { source.close(); later(60000); ask(); });
    source.onerror = () => {
      source.close();
      failures += 1;
      // A server that is started again is not asked by everybody in the same moment.
      later(Math.min(MOST, 1000 * 2 ** failures) * (0.5 + Math.random() / 2));
      if (failures > 1) ask();
    };
  }
  function later(wait) { setTimeout(open, wait); }

  async function ask() {
    clearTimeout(timer);
    if (ended || source?.readyState === 1) return;
    try {
      const answer = await fetch(`${now}?key=${encodeURIComponent(key)}&seen=${seen}`, { cache: "no-store" });
      if (answer.status === 404) { end(); return; }
      if (answer.status === 200) {
        const found = await answer.json();
        seen = found.seen;
        frame(found.frame);
      }
      if (answer.ok) { heard = Date.now(); say("live"); }
    } catch { /* the net is away: the next time may go better */ }
    timer = setTimeout(ask, document.hidden ? ASK_HIDDEN : ASK);
  }

  setInterval(() => { if (!ended && Date.now() - heard > QUIET) say("paused"); }, 2000);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && source?.readyState !== 1) { failures = 0; ask(); }
  });
  window.addEventListener("online", () => { if (!ended && source?.readyState !== 1) { source?.close(); open(); } });
  window.addEventListener("offline", () => say("paused"));
  open();
}

// Two soft strokes of a bell, made here: no file, no speech needed.
let air = null;
export async function allowSound() {
  const Air = window.AudioContext ?? window.webkitAudioContext;
  if (!Air) return false;
  air ??= new Air();
  try { await air.resume(); } catch { return false; }
  return air.state === "running";
}
export function soundAllowed() { return air?.state === "running"; }
export function chime() {
  if (!soundAllowed()) return;
  [[784, 0], [587, 0.45]].forEach(([pitch, after]) => {
    const at = air.currentTime + after;
    for (const [times, loud] of [[1, 0.5], [2, 0.12], [3, 0.05]]) {
      const tone = air.createOscillator(), gain = air.createGain();
      tone.frequency.value = pitch * times;
      gain.gain.setValueAtTime(0.0001, at);
      gain.gain.exponentialRampToValueAtTime(loud, at + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + 1.4 / times);
      tone.connect(gain).connect(air.destination);
      tone.start(at);
      tone.stop(at + 1.5);
    }
  });
}

// Speech only by a Chinese voice that this machine has itself.
export function voice() {
  if (!("speechSynthesis" in window)) return null;
  return speechSynthesis.getVoices().find((v) => /^(zh|cmn)/i.test(v.lang)) ?? null;
}
export function speak(words) {
  const own = voice();
  if (!own) return false;
  const told = new SpeechSynthesisUtterance(words);
  told.voice = own; told.lang = own.lang; told.rate = 0.85;
  speechSynthesis.speak(told);
  return true;
}
