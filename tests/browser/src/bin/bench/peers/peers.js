// How others keep the same products in a browser. Each fetches the rows as gzipped JSON pages, as many at once as a
// browser likes, keeps them, and ends when a product can be found by its sku, its barcode and its name. Their work is
// counted in their favour: nothing is verified, one record holds a product with its price and barcode (Holdfast keeps
// three tables), and no change can be folded in later.
"use strict";

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const complete = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = resolve;
  transaction.onabort = () => reject(transaction.error);
});

async function emptyDatabase(name, upgrade) {
  await done(indexedDB.deleteDatabase(name));
  const open = indexedDB.open(name, 1);
  open.onupgradeneeded = () => upgrade(open.result);
  return done(open);
}

const pageTexts = (pages) =>
  Array.from({ length: pages }, async (_, page) => (await fetch(`/rows/${page}.json`, { cache: "no-store" })).text());

// In memory, where the store itself can't search.
class Memory {
  bySku = new Map();
  byBarcode = new Map();
  names = [];
  add(rows) {
    for (const row of rows) {
      this.bySku.set(row.sku, row);
      this.byBarcode.set(row.barcode, row);
      this.names.push(row.name.toLowerCase());
    }
  }
}

function productsStore(database) {
  const store = database.createObjectStore("products", { keyPath: "sku" });
  store.createIndex("barcode", "barcode");
  store.createIndex("name", "name");
}

const ways = {
  // An awaited put for each row; a transaction for each page.
  async "row-by-row"(pages) {
    const database = await emptyDatabase("row-by-row", productsStore);
    for (const text of pageTexts(pages)) {
      const rows = JSON.parse(await text);
      const transaction = database.transaction("products", "readwrite", { durability: "relaxed" });
      const completed = complete(transaction);
      const store = transaction.objectStore("products");
      for (const row of rows) await done(store.put(row));
      await completed;
    }
    database.close();
  },

  // The same, and each row in a transaction of its own, as small wrappers around IndexedDB do it.
  async "transaction-a-row"(pages) {
    const database = await emptyDatabase("transaction-a-row", productsStore);
    for (const text of pageTexts(pages)) {
      for (const row of JSON.parse(await text)) {
        const transaction = database.transaction("products", "readwrite", { durability: "relaxed" });
        const completed = complete(transaction);
        transaction.objectStore("products").put(row);
        await completed;
      }
    }
    database.close();
  },

  // As its documentation recommends: bulkPut, indexes on what is asked for, relaxed durability (its default).
  async dexie(pages) {
    await dexieWith("sku, barcode, name", pages);
  },

  // Without indexes; found in memory.
  async "dexie-memory"(pages) {
    const memory = new Memory();
    await dexieWith("sku", pages, (rows) => memory.add(rows));
    globalThis.kept = memory;
  },

  // bulkDocs, a page at a time; found in memory, since an index of its own takes longer still.
  async pouchdb(pages) {
    await new PouchDB("pouchdb", { auto_compaction: false }).destroy();
    const database = new PouchDB("pouchdb", { revs_limit: 1 });
    const memory = new Memory();
    for (const text of pageTexts(pages)) {
      const rows = JSON.parse(await text);
      memory.add(rows);
      const answers = await database.bulkDocs(rows.map((row) => ({ _id: row.sku, ...row })));
      const failed = answers.find((answer) => answer.error);
      if (failed) throw new Error(JSON.stringify(failed));
    }
    globalThis.kept = memory;
    await database.close();
  },

  // A page is one record; all is found in memory.
  async "packed-pages"(pages) {
    const database = await emptyDatabase("packed-pages", (database) => database.createObjectStore("pages"));
    const memory = new Memory();
    const completions = [];
    for (const [page, text] of pageTexts(pages).entries()) {
      const json = await text;
      const transaction = database.transaction("pages", "readwrite", { durability: "relaxed" });
      completions.push(complete(transaction));
      transaction.objectStore("pages").put(json, page);
      memory.add(JSON.parse(json));
    }
    await Promise.all(completions);
    globalThis.kept = memory;
    database.close();
  },

  // What `packed-pages` has kept, back in memory.
  async "packed-pages-read-back"() {
    const database = await done(indexedDB.open("packed-pages", 1));
    const memory = new Memory();
    const texts = await done(database.transaction("pages").objectStore("pages").getAll());
    for (const text of texts) memory.add(JSON.parse(text));
    globalThis.kept = memory;
    database.close();
  },
};

async function dexieWith(schema, pages, each = () => {}) {
  await Dexie.delete("dexie");
  const database = new Dexie("dexie");
  database.version(1).stores({ products: schema });
  for (const text of pageTexts(pages)) {
    const rows = JSON.parse(await text);
    await database.table("products").bulkPut(rows);
    each(rows);
  }
  database.close();
}

// Milliseconds that one way takes, and the longest frame meanwhile.
async function measure(way, pages) {
  let [last, longest, on] = [performance.now(), 0, true];
  const frame = (now) => {
    longest = Math.max(longest, now - last);
    last = now;
    if (on) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const began = performance.now();
  await ways[way](pages);
  const tookMs = performance.now() - began;
  on = false;
  return { tookMs, longestFrameMs: longest, rows: globalThis.kept?.bySku.size ?? null };
}

// A cold start, timed from the navigation: what `packed-pages` has kept is back in memory.
if (location.hash === "#read-back") {
  measure("packed-pages-read-back").then((found) => {
    globalThis.answer = { ...found, sinceNavigationMs: performance.now() };
  });
}
