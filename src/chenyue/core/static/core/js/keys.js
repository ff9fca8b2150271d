// Keys for staff. [data-key="a"] is pressed (or focused, if it is a field) by that key; j, k, Enter and x walk
// the lines of [data-lines]. Nothing happens while somebody is typing or a dialog is open.
const typing = (e) => e.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const lines = () => [...document.querySelectorAll("[data-lines] > *:not([hidden])")];

function walk(step) {
  const all = lines();
  if (!all.length) return false;
  const here = all.findIndex((line) => line.hasAttribute("data-current"));
  const next = all[Math.max(0, Math.min(all.length - 1, here < 0 ? 0 : here + step))];
  for (const line of all) line.removeAttribute("data-current");
  next.setAttribute("data-current", "");
  next.scrollIntoView({ block: "nearest" });
  const goal = next.querySelector("a[href], button, input") ?? next;
  if (goal === next) next.tabIndex = -1;
  goal.focus({ preventScroll: true });
  return true;
}
function act(key) {
  if (key === "j") return walk(1);
  if (key === "k") return walk(-1);
  const line = document.querySelector("[data-lines] > [data-current]");
  if (key === "x" && line) { line.querySelector("input[type=checkbox]")?.click(); return true; }
  if (key === "Enter" && line && document.activeElement === document.body) { line.querySelector("a[href]")?.click(); return true; }
  const near = line?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const goal = near ?? [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((e) => !e.closest("[data-lines]"));
  if (!goal || goal.disabled) return false;
  if (goal.matches("input:not([type=checkbox], [type=radio]), textarea, select")) {
    goal.closest("details")?.setAttribute("open", "");
    goal.focus();
    goal.select?.();
  } else goal.click();
  const heard = document.getElementById("heard");
  if (heard) heard.textContent = goal.getAttribute("aria-label") ?? goal.textContent.trim();
  return true;
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape" && event.target.matches("[data-key]")) event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (act(event.key)) event.preventDefault();
});
// Each page adds its own keys to the list of keys: <button data-key="c" data-key-says="…">.
const list = document.querySelector("dl[data-shortcuts]");
for (const e of list ? document.querySelectorAll("[data-key-says]") : []) {
  const [dt, dd, kbd] = ["dt", "dd", "kbd"].map((name) => document.createElement(name));
  const known = [...list.querySelectorAll("kbd")].find((k) => k.textContent === e.dataset.key);
  if (known) { known.closest("dt").nextElementSibling.textContent = e.dataset.keySays; continue; }
  kbd.textContent = e.dataset.key;
  dt.append(kbd);
  dd.textContent = e.dataset.keySays;
  list.append(dt, dd);
}
