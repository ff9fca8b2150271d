// The small calculation that a form asks for in a flood (core.proof_of_work); this file is also its worker.
// Plain SHA-256: on an address without https the browser's own isn't there, and for 40 bytes it would be slower.
(function () {
  "use strict";
  const K = [], H = [], PARTS = 8;
  for (let n = 2; K.length < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (H.length < 8) H.push((Math.sqrt(n) % 1) * 4294967296 | 0);
    K.push((Math.cbrt(n) % 1) * 4294967296 | 0);
  }
  const w = new Int32Array(64);
  function head(seed, part, number) { // the first 32 bits of the hash of seed, part and number: 40 bytes, one block
    for (let i = 0; i < 8; i++) w[i] = seed[i];
    w[8] = part; w[9] = number; w[10] = 0x80000000 | 0;
    for (let i = 11; i < 15; i++) w[i] = 0;
    w[15] = 320;
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
    }
    let a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
    for (let i = 0; i < 64; i++) {
      const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (g ^ e & (f ^ g)) + K[i] + w[i] | 0;
      const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b | c & (a | b)) | 0;
      h = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0;
    }
    return H[0] + a >>> 0;
  }
  // Goes on with a task for so many hashes; the answer when it is complete.
  function goOn(state, most) {
    for (; most > 0; most--) {
      if (head(state.seed, state.found.length, state.number) >>> state.shift === 0) {
        state.found.push(state.number); state.number = 0;
        if (state.found.length === PARTS) return state.found.join(".");
      } else state.number++;
    }
    return "";
  }
  function begun(task) {
    const parts = task.split(".");
    return { shift: 32 - Math.max(1, parts[0] - 3), seed: parts[2].match(/.{8}/g).map((hex) => parseInt(hex, 16) | 0), found: [], number: 0 };
  }
  if (typeof document === "undefined") {
    self.onmessage = (event) => postMessage(goOn(begun(event.data), Infinity));
    return;
  }

  function solve(task, then) {
    const here = () => { // without a worker: in small pieces, so that typing doesn't stop
      const state = begun(task);
      const step = () => { const answer = goOn(state, 1500); if (answer) then(answer); else setTimeout(step, 4); };
      step();
    };
    try {
      const worker = new Worker(file);
      worker.onmessage = (event) => { worker.terminate(); then(event.data); };
      worker.onerror = () => { worker.terminate(); here(); };
      worker.postMessage(task);
    } catch (error) { here(); }
  }

  const script = document.currentScript, file = script.src, form = script.closest("form");
  const answer = form.elements.proof, note = form.querySelector("[data-proof-says]"), patience = 30000;
  let held = null, alone = !!note && "proofAgain" in note.dataset, open = false;
  const send = (by) => { open = true; if (form.requestSubmit) form.requestSubmit(by || undefined); else form.submit(); };
  const ready = () => { if (held) send(held.by); else if (alone && !open) send(); };
  // Pressed before the answer is there: it goes off with it, after half a minute without.
  document.addEventListener("submit", (event) => {
    if (event.target !== form || answer.value || open) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    alone = false;
    if (held) return;
    held = { by: event.submitter };
    form.setAttribute("aria-busy", "true");
    document.dispatchEvent(new CustomEvent("chenyue:say", { detail: script.dataset.says }));
    setTimeout(() => send(held.by), patience);
  }, true);
  addEventListener("pageshow", (event) => { if (event.persisted) { open = false; held = null; form.removeAttribute("aria-busy"); } });
  if (alone) {
    const [place, by_hand] = [note.lastElementChild, note.lastElementChild.textContent];
    place.textContent = note.dataset.proofSays;
    // Whoever goes on writing sends it themselves.
    form.addEventListener("input", () => { if (!open) { alone = false; place.textContent = by_hand; } }, { once: true });
    setTimeout(ready, note.dataset.proofAgain * 1000);
  }
  if (answer.value) ready(); else solve(form.elements.proof_task.value, (found) => { answer.value = found; ready(); });
})();
