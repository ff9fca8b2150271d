// Forms: sent once, drafts kept, photographs made smaller, progress shown. The server would do without.
const words = document.getElementById("page-words")?.dataset ?? {};
const say = (sentence) => document.dispatchEvent(new CustomEvent("chenyue:say", { detail: sentence }));
const drafts = "draft:";

// Too large is said at the field before anything is sent: the server would say it only after all had travelled.
const fits = (form) => {
  let [all, wrong] = [0, null];
  for (const input of form.querySelectorAll("input[type=file][data-most]")) {
    const sizes = [...input.files].map((file) => file.size);
    all += sizes.reduce((sum, size) => sum + size, 0);
    const sentence = Math.max(0, ...sizes) > input.dataset.most ? words.large : all > words.body ? words.all : "";
    input.setCustomValidity(sentence);
    if (sentence && !wrong) wrong = input;
  }
  if (wrong) { wrong.reportValidity(); say(wrong.validationMessage); wrong.scrollIntoView({ block: "center" }); }
  return !wrong;
};
document.addEventListener("submit", (event) => { if (!fits(event.target)) { event.preventDefault(); event.stopImmediatePropagation(); } }, true);
document.addEventListener("change", (event) => { if (event.target.matches?.("input[type=file][data-most]")) event.target.setCustomValidity(""); });

// Sent once: a second press while the first is on its way does nothing (the form's key guards besides).
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  setTimeout(() => { delete form.dataset.sent; form.removeAttribute("aria-busy"); }, 15000);
});
addEventListener("pageshow", () => { for (const f of document.forms) { delete f.dataset.sent; f.removeAttribute("aria-busy"); } });

// A box grows with what is typed (browsers with field-sizing do it by themselves).
const grow = (box) => { box.style.height = "auto"; box.style.height = `${box.scrollHeight + 2}px`; };
document.addEventListener("input", (event) => {
  const box = event.target;
  if (box.matches("[data-autogrow]") && !CSS.supports("field-sizing", "content")) grow(box);
  if (box.matches("[data-count]")) document.querySelector(box.dataset.count).textContent = box.value.length;
});

// Drafts: <form data-draft="tell"> is kept on this device while typed, and forgotten when the server says it is done.
const kept = (form) => [...form.elements].filter((e) => e.name && !["hidden", "file", "password", "submit", "button"].includes(e.type));
function keep(form) {
  const values = kept(form).map((e) => [e.name, e.value, e.checked ?? null]);
  try { localStorage.setItem(drafts + form.dataset.draft, JSON.stringify({ at: Date.now(), values })); } catch { /* full or forbidden */ }
}
function restore(form) {
  let draft = null;
  try { draft = JSON.parse(localStorage.getItem(drafts + form.dataset.draft)); } catch { return; }
  if (!draft || Date.now() - draft.at > 7 * 86400000 || form.querySelector("[aria-invalid]")) return;
  let changed = false;
  for (const [name, value, checked] of draft.values) {
    for (const e of kept(form).filter((k) => k.name === name)) {
      const choice = e.type === "checkbox" || e.type === "radio";
      if (choice && e.value === value && e.checked !== checked) { e.checked = checked; changed = true; }
      if (!choice && !e.value && value) { e.value = value; changed = true; }
    }
  }
  if (changed) say(words.restored);
}
const forget = (name) => { try { localStorage.removeItem(drafts + name); } catch { /* nothing kept */ } };
for (const form of document.querySelectorAll("form[data-draft]")) {
  restore(form);
  let timer = 0;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => keep(form), 400); });
  form.addEventListener("submit", () => { clearTimeout(timer); keep(form); });
}
for (const done of document.querySelectorAll("[data-draft-done]")) forget(done.dataset.draftDone);
// A telephone or a desk is shared: what was typed, and pages kept for without a network, go with whoever signs out.
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") !== "/sign-out/") return;
  try { for (const name of Object.keys(localStorage)) if (name.startsWith(drafts)) localStorage.removeItem(name); } catch { /* nothing kept */ }
  if ("caches" in window) caches.delete("chenyue-doors");
});

// Photographs: at most 1600 px wide or high before they are sent.
async function smaller(file, most) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 400000) return file;
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, most / Math.max(picture.width, picture.height));
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }) : file;
}
document.addEventListener("change", async (event) => {
  const input = event.target;
  if (!input.matches("input[type=file][data-shrink]") || !input.files.length) return;
  const form = input.form;
  const buttons = [...form.querySelectorAll("button:not([type=button])")].filter((b) => !b.disabled);
  for (const b of buttons) b.disabled = true;
  const bag = new DataTransfer();
  for (const file of input.files) bag.items.add(await smaller(file, Number(input.dataset.shrink) || 1600).catch(() => file));
  input.files = bag.files;
  for (const b of buttons) b.disabled = false;
  const list = document.querySelector(input.dataset.shows ?? "");
  if (list) list.replaceChildren(...[...bag.files].map(thumb));
});
function thumb(file) {
  const [item, picture] = [document.createElement("li"), document.createElement("img")];
  if (!file.type.startsWith("image/")) { item.textContent = file.name; return item; }
  picture.src = URL.createObjectURL(file);
  picture.alt = file.name;
  picture.onload = () => URL.revokeObjectURL(picture.src);
  item.append(picture);
  return item;
}

// The names of chosen files, beside the button that opens the choice.
document.addEventListener("change", (event) => {
  const names = event.target.closest?.(".file")?.querySelector(".file-names");
  if (names) names.textContent = [...event.target.files].map((file) => file.name).join("、");
});

// Upload progress of htmx forms: <progress data-progress hidden>.
document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector?.("[data-progress]");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.max = event.detail.total;
  bar.value = event.detail.loaded;
});
// Choices that open lists at once: <select data-submits>.
document.addEventListener("change", (event) => { if (event.target.matches("[data-submits]")) event.target.form.requestSubmit(); });
// One tick for all: <input type=checkbox data-ticks="[name=case]">.
document.addEventListener("change", (event) => {
  const all = event.target.dataset?.ticks;
  if (all) for (const box of document.querySelectorAll(all)) box.checked = event.target.checked;
});
