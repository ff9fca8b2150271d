// A steward's pages: the worker that keeps what can't be sent, the bar that says so, and the voice recorder.
const bar = document.getElementById("kept");
const words = bar?.dataset ?? {};

async function begin() {
  if (!bar || !("serviceWorker" in navigator) || !crypto.subtle) return;
  navigator.serviceWorker.addEventListener("message", (event) => show(event.data));
  await navigator.serviceWorker.register(words.worker, { scope: words.scope, updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ act: "ready", key: words.key });
  addEventListener("online", () => active.postMessage({ act: "flush" }));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) active.postMessage({ act: "flush" }); });
  bar.querySelector("[data-kept-send]").addEventListener("click", () => active.postMessage({ act: "flush" }));
  bar.querySelector("[data-kept-open]").addEventListener("click", (event) => open(active, event.target.dataset.id));
  document.documentElement.dataset.doors = "ready";
}

function show({ waiting, refused, sign }) {
  const said = [];
  if (waiting) said.push(words.waiting.replace("{n}", waiting));
  if (waiting && sign) said.push(words.sign);
  if (refused.length) said.push(words.refused.replace("{n}", refused.length));
  bar.hidden = !said.length;
  bar.querySelector("[data-kept-words]").textContent = said.join(" ");
  bar.querySelector("[data-kept-send]").hidden = !waiting;
  const button = bar.querySelector("[data-kept-open]");
  button.hidden = !refused.length;
  button.dataset.id = refused[0] ?? "";
}

// What was refused is opened by the office, which alone can read it, and comes back as the form that was written.
async function open(worker, id) {
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data }) => {
    const form = document.getElementById("kept-open");
    if (!data || !form) return;
    const bag = new DataTransfer();
    bag.items.add(new File([data], "draft"));
    form.elements.sealed.files = bag.files;
    form.submit();
  };
  worker.postMessage({ act: "take", id }, [channel.port2]);
}

// Kept forms that stand on a page for long get a key of their own each time one was kept.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-later]")) form.elements.idempotency_key.value = crypto.randomUUID();
});

// A voice note: pressed once it records, pressed again it is in the form. Without it, the field takes a file.
let recorder = null;
for (const button of document.querySelectorAll("[data-record]")) {
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) continue;
  button.hidden = false;
  const label = button.querySelector("span");
  button.addEventListener("click", async () => {
    if (recorder?.state === "recording") return recorder.stop();
    try {
      const sound = await navigator.mediaDevices.getUserMedia({ audio: true }), parts = [];
      recorder = new MediaRecorder(sound, { audioBitsPerSecond: 32000 });
      recorder.ondataavailable = (event) => parts.push(event.data);
      recorder.onstop = () => {
        for (const track of sound.getTracks()) track.stop();
        const type = recorder.mimeType.split(";")[0], bag = new DataTransfer();
        bag.items.add(new File(parts, `voice.${type.split("/")[1]}`, { type }));
        const input = document.getElementById(button.dataset.record);
        input.files = bag.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
        label.textContent = button.dataset.again;
        button.removeAttribute("aria-pressed");
      };
      recorder.start();
      setTimeout(() => { if (recorder.state === "recording") recorder.stop(); }, 180000);
      label.textContent = button.dataset.stop;
      button.setAttribute("aria-pressed", "true");
    } catch { document.dispatchEvent(new CustomEvent("chenyue:say", { detail: button.dataset.not })); }
  });
}
begin().catch(() => {});
