// The worker of a steward's pages: without a network it shows the kept page, and keeps what is sent until it can go.
// What it keeps it seals with the office's public key at once: neither this telephone nor its finder reads it again.
const CACHE = "chenyue-doors";
const FORM_SECONDS = 90, PAGE_SECONDS = 12;

// Where drafts and the public key wait: {id, at, state, to, sealed} and {id: "key", value}; `to` is the key of its writer.
function store(kind, mode, act) {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("chenyue-doors", 1);
    asked.onupgradeneeded = () => { asked.result.createObjectStore("drafts", { keyPath: "id" }); asked.result.createObjectStore("told", { keyPath: "id" }); };
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => {
      const database = asked.result, transaction = database.transaction(kind, mode), wish = act(transaction.objectStore(kind));
      transaction.oncomplete = () => { database.close(); done(wish.result); };
      transaction.onerror = () => { database.close(); failed(transaction.error); };
    };
  });
}
const drafts = () => store("drafts", "readonly", (s) => s.getAll()).then((rows) => rows.sort((a, b) => a.at - b.at));
const mine = () => store("told", "readonly", (s) => s.get("key")).then((told) => told?.value);
const own = async () => { const key = await mine(); return (await drafts()).filter((d) => d.to === key); }; // another steward's wait for them
const drop = (id) => store("drafts", "readwrite", (s) => s.delete(id));

async function seal(to, head, body) {
  if (!to) throw new Error("no key");
  const curve = { name: "ECDH", namedCurve: "P-256" }, coder = new TextEncoder(), subtle = crypto.subtle;
  const point = Uint8Array.from(atob(to), (c) => c.charCodeAt(0));
  const theirs = await subtle.importKey("raw", point, curve, false, []);
  const once = await subtle.generateKey(curve, true, ["deriveBits"]);
  const shared = await subtle.deriveBits({ name: "ECDH", public: theirs }, once.privateKey, 256);
  const material = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const way = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: coder.encode("chenyue draft 1") };
  const key = await subtle.deriveKey(way, material, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const sender = new Uint8Array(await subtle.exportKey("raw", once.publicKey)), iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = await new Blob([coder.encode(JSON.stringify(head) + "\n"), body]).arrayBuffer();
  const cipher = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: sender }, key, plain);
  return new Blob([sender, iv, cipher]);
}

async function fetched(url, options, seconds) {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), seconds * 1000);
  try { return await fetch(url, { credentials: "same-origin", redirect: "manual", signal: stop.signal, ...options }); }
  finally { clearTimeout(timer); }
}

// The key of the form is the name of its draft: what was sent after all is found by it and dropped.
function keyOf(body) {
  const found = /name="idempotency_key"\r\n\r\n([^\r]+)/.exec(new TextDecoder("latin1").decode(body));
  return found ? found[1] : crypto.randomUUID();
}

async function sent(request) {
  const url = new URL(request.url), body = await request.arrayBuffer(), type = request.headers.get("Content-Type"), id = keyOf(body);
  if (navigator.onLine !== false && !url.searchParams.has("later")) {
    try {
      const answer = await fetched(url.pathname + url.search, { method: "POST", body, headers: { "Content-Type": type, "X-Kept": "1" } }, FORM_SECONDS);
      if (answer.ok) { await drop(id); return Response.redirect((await answer.json()).to, 303); }
      if (answer.type !== "opaqueredirect" && answer.status < 500) return answer;
      if (answer.type === "opaqueredirect") { await keep(id, url, type, body); return Response.redirect(OFFICE.signIn, 303); }
    } catch { /* no network after all */ }
  }
  await keep(id, url, type, body);
  return Response.redirect(`${OFFICE.shell}?kept`, 303);
}
async function keep(id, url, type, body) {
  const at = Date.now(), to = await mine(), sealed = await seal(to, { path: url.pathname, type, at }, body);
  await store("drafts", "readwrite", (s) => s.put({ id, at, to, state: "waiting", kind: OFFICE.forms.indexOf(url.pathname), sealed }));
  await registration.sync?.register("drafts").catch(() => {}); // where browsers have it: sent with no page open
  await tell();
}

let sending = null;
const flush = () => (sending ??= pass().finally(() => { sending = null; }));
async function pass() {
  const waiting = (await drafts()).filter((d) => d.state === "waiting");
  if (!waiting.length) return;
  let sign = false;
  try {
    const pulse = await fetched(OFFICE.pulse, {}, PAGE_SECONDS);
    sign = !pulse.ok;
    const { csrf, key } = pulse.ok ? await pulse.json() : {}; // of who is signed in now
    for (const draft of sign ? [] : waiting.filter((d) => d.to === key)) {
      const form = new FormData();
      form.append("sealed", draft.sealed, "draft");
      const answer = await fetched(OFFICE.kept, { method: "POST", body: form, headers: { "X-CSRFToken": csrf, "X-Kept": "1" } }, FORM_SECONDS);
      if (answer.ok) await drop(draft.id);
      else if (answer.type === "opaqueredirect" || answer.status >= 500 || answer.status === 429) break;
      else await store("drafts", "readwrite", (s) => s.put({ ...draft, state: "refused" }));
    }
  } catch { /* the network went again: what is left waits */ }
  await tell(sign);
}
async function tell(sign = false) {
  const rows = await own(), told = { waiting: rows.filter((d) => d.state === "waiting").length, refused: rows.filter((d) => d.state === "refused").map((d) => d.id), sign };
  for (const page of await clients.matchAll({ includeUncontrolled: true })) page.postMessage(told);
}

async function shown(request) {
  try { return await fetched(request, {}, PAGE_SECONDS); }
  catch {
    const kept = await caches.match(OFFICE.shell, { ignoreVary: true });
    return kept ?? new Response(OFFICE.gone, { headers: { "Content-Type": "text/plain; charset=utf-8" } });
  }
}
async function fill(key) {
  if (key) await store("told", "readwrite", (s) => s.put({ id: "key", value: key }));
  const cache = await caches.open(CACHE), shell = await fetched(OFFICE.shell, { cache: "no-store" }, PAGE_SECONDS);
  if (!shell.ok) return;
  await cache.put(OFFICE.shell, shell);
  const wanted = new Set(OFFICE.assets.map((path) => new URL(path, location).href));
  for (const old of await cache.keys()) if (new URL(old.url).pathname !== OFFICE.shell && !wanted.has(old.url)) await cache.delete(old);
  for (const path of wanted) if (!(await cache.match(path, { ignoreVary: true }))) await cache.add(path);
}

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("sync", (event) => event.waitUntil(flush()));
addEventListener("message", (event) => {
  const { act, key, id } = event.data ?? {};
  if (act === "ready") event.waitUntil(fill(key).catch(() => {}).then(flush).then(() => tell()));
  if (act === "flush") event.waitUntil(flush());
  if (act === "take") event.waitUntil(drafts().then((rows) => event.ports[0].postMessage(rows.find((d) => d.id === id)?.sealed ?? null)));
});
addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate" && request.method === "POST" && OFFICE.forms.includes(url.pathname)) return event.respondWith(sent(request));
  if (request.mode === "navigate" && request.method === "GET" && url.pathname.startsWith(OFFICE.home) && !/worker\.js$|\/photo\/$/.test(url.pathname)) return event.respondWith(shown(request));
  if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
});
