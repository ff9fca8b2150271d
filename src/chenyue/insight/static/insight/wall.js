// A board on a wall: fetches its part each minute, keeps what it has while the server is away and says since when,
// shows nothing once its address has ended. It runs for months: one timer, one request at a time, nothing kept.
const EACH = 60000, LATER = 600000, PATIENCE = 20000, AFRESH = 6 * 3600 * 1000; // ms
const board = document.getElementById("board");
const away = document.getElementById("away");
const begun = Date.now();
let good = begun, offset = 0, gone = false, asking = false, next = 0;

const zone = board.dataset.zone;
const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false });

// The clock of a television is often wrong: the office's own counts.
function set() {
  const sheet = board.querySelector("[data-now]");
  if (sheet) offset = Number(sheet.dataset.now) * 1000 - Date.now();
}
function tick() {
  const clock = board.querySelector('[data-part="clock"]');
  if (clock) clock.textContent = time.format(Date.now() + offset);
}
function say(sentence) {
  if (away.textContent !== sentence) away.textContent = sentence;
  away.hidden = !sentence;
  document.body.classList.toggle("old", Boolean(sentence));
}

async function refresh() {
  if (asking) return;
  asking = true;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const answer = await fetch(location.pathname, { headers: { "HX-Request": "true" }, cache: "no-store", signal: patience.signal, redirect: "error" });
    if (answer.status === 404) {
      gone = true;
      board.replaceChildren();
      say(away.dataset.gone);
    } else if (answer.ok) {
      const text = await answer.text();
      if (!text.includes("data-now=")) throw new Error("not a board");
      board.innerHTML = text;
      good = Date.now();
      gone = false;
      set();
      say("");
      // Now and then, while the server answers: the newest pictures and styles, and an empty memory.
      if (Date.now() - begun > AFRESH) location.reload();
    } else {
      throw new Error(String(answer.status));
    }
  } catch {
    if (!gone) say(away.dataset.paused.replace("{time}", time.format(good + offset)));
  }
  clearTimeout(timer);
  asking = false;
  clearTimeout(next); // one turn ahead, however often the net came back
  next = setTimeout(refresh, gone ? LATER : EACH);
}

set();
tick();
setInterval(tick, 5000);
next = setTimeout(refresh, EACH);
addEventListener("online", refresh);
