// The till's service worker: keeps the app so that it starts without a network, and hands messages to the sync
// engine (Rust, in the same wasm file as the till). It is instantiated with the first message. What
// is kept never expires: it goes when a newer version takes over, and a newer version waits until a page says so.
"use strict";

const BUILD = "__BUILD__";
const FILES = /*PRECACHE*/[];
const KEPT = new Set(FILES);
const CACHE_PREFIX = "holdfast-till-";
const CACHE = CACHE_PREFIX + BUILD;
const SYNC_TAG = "holdfast-outbox";

importScripts("/strict-journal.js", "/holdfast-register.js");

// --- The app -------------------------------------------------------------------------------------------------

addEventListener("install", (event) => event.waitUntil(keepFiles()));

addEventListener("activate", (event) => event.waitUntil(takeOver()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || !isTills(url.pathname)) return;
  if (request.mode === "navigate") event.respondWith(kept("/"));
  else if (KEPT.has(url.pathname)) event.respondWith(kept(url.pathname));
});

// All files or none: a half-kept app would not start.
async function keepFiles() {
  try {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES.map((path) => new Request(path, { cache: "reload" })));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith(CACHE_PREFIX) && name !== CACHE) await caches.delete(name);
  }
  // Pages that were opened before the first worker was there.
  await clients.claim();
}

function isTills(path) {
  return !["/api", "/back-office", "/help"].some((other) => path === other || path.startsWith(other + "/"));
}

// From what is kept; from the network only where the browser has thrown it away.
async function kept(path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(path);
}

// --- The engine ----------------------------------------------------------------------------------------------

let module; // a promise of the compiled module, fetched once
let engine; // the running engine: { failed: a promise that rejects when it has failed, fail: what rejects it }

addEventListener("message", (event) => {
  const message = event.data;
  if (message?.type === "take_over") {
    event.waitUntil(skipWaiting());
    return;
  }
  if (message?.type === "journal_grew") askForSync();
  event.waitUntil(withEngine(() => wasm_bindgen.on_message(message)));
});

// Sales leave even after the last page was closed, where the browser has Background Sync.
addEventListener("sync", (event) => {
  if (event.tag !== SYNC_TAG) return;
  event.waitUntil(withEngine(async () => wasm_bindgen.on_background_sync((await pages()).length > 0)));
});

// What kills an instance without a panic (no memory, no stack) only shows here.
addEventListener("error", (event) => {
  if (event.error instanceof WebAssembly.RuntimeError || event.error instanceof RangeError) {
    engineFailed(event.message);
  }
});

function askForSync() {
  registration.sync?.register(SYNC_TAG).catch(() => {}); // a bonus; pages send, too
}

async function withEngine(work) {
  try {
    const running = await startEngine();
    await Promise.race([work(), running.failed]);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) engineFailed(error.message);
    throw error;
  }
}

// Events that come while the module is compiled wait here, in their order.
async function startEngine() {
  module ??= wasm_bindgen({ module_or_path: kept("/holdfast-register_bg.wasm") });
  try {
    await module;
  } catch (error) {
    module = undefined;
    post({ type: "worker_failed", message: String(error) });
    throw error;
  }
  if (!engine) {
    let fail;
    const failed = new Promise((_, reject) => (fail = reject));
    failed.catch(() => {}); // whoever waits for it has a catch of their own
    engine = { failed, fail };
    wasm_bindgen.start(post, engineFailed);
  }
  return engine;
}

// The instance is thrown away; the next message starts the engine in a fresh one, on what the databases hold.
function engineFailed(message) {
  if (!engine) return;
  const { fail } = engine;
  engine = undefined;
  wasm_bindgen.discard();
  post({ type: "worker_failed", message: String(message) });
  fail(new Error(String(message)));
}

function pages() {
  return clients.matchAll({ type: "window", includeUncontrolled: true });
}

let posted = Promise.resolve();

// To all pages, one message after the other.
function post(message) {
  posted = posted.then(async () => {
    for (const page of await pages()) page.postMessage(message);
  });
}
