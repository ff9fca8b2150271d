// Drag a name to another sitting of a draft: while it is dragged, the server says where it would break a rule.
const root = () => document.querySelector("[data-roster]");
let dragged = null;

function cells() {
  return document.querySelectorAll("#roster [data-open]");
}

function clear() {
  document.body.classList.remove("roster-drags");
  for (const cell of cells()) {
    cell.classList.remove("roster-fits", "roster-breaks", "roster-over");
    cell.querySelector(".roster-why")?.remove();
  }
}

function say(words) {
  const place = document.querySelector("[data-roster-says]");
  if (place) place.textContent = words;
}

async function judge(drag) {
  const query = new URLSearchParams({ person: drag.person, from: drag.from || "" });
  const answer = await fetch(`${root().dataset.where}?${query}`, { headers: { Accept: "application/json" } });
  if (!answer.ok || dragged !== drag) return;
  drag.found = (await answer.json()).sittings;
  for (const cell of cells()) {
    const words = drag.found[cell.dataset.sitting];
    if (words) cell.classList.add(words.length ? "roster-breaks" : "roster-fits");
  }
}

document.addEventListener("dragstart", (event) => {
  const chip = event.target.closest?.("#roster [data-person]");
  if (!chip || !root()) return;
  const from = chip.closest("[data-sitting]")?.dataset.sitting;
  dragged = { person: chip.dataset.person, from, name: chip.firstChild.textContent };
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", chip.dataset.person);
  document.body.classList.add("roster-drags");
  judge(dragged);
});

document.addEventListener("dragover", (event) => {
  const cell = event.target.closest?.("#roster [data-open]");
  if (!dragged || !cell) return;
  event.preventDefault();
  if (cell.classList.contains("roster-over")) return;
  for (const other of cells()) {
    other.classList.remove("roster-over");
    other.querySelector(".roster-why")?.remove();
  }
  cell.classList.add("roster-over");
  const words = dragged.found?.[cell.dataset.sitting];
  if (!words) return;
  const line = words.length ? words.join(" ") : root().dataset.fits;
  const why = document.createElement("span");
  why.className = "roster-why";
  why.textContent = line;
  cell.append(why);
  say(line);
});

document.addEventListener("drop", (event) => {
  const cell = event.target.closest?.("#roster [data-open]");
  const drag = dragged;
  if (!drag || !cell) return;
  event.preventDefault();
  clear();
  if (cell.dataset.sitting === drag.from) return;
  const values = {
    person: drag.person,
    from: drag.from || "",
    to: cell.dataset.sitting,
    version: root().dataset.version,
    idempotency_key: crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now(),
  };
  window.htmx.ajax("POST", root().dataset.turn, { target: "#roster", swap: "outerHTML", values });
});

document.addEventListener("dragend", () => {
  dragged = null;
  clear();
});
