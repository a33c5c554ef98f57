// Sells one product after another for exact cash, and after each does what a sale does to IndexedDB in one raw strict
// transaction of the same size; answers with the milliseconds of both: from the tap to the receipt number on the
// screen, and from the transaction's begin to its end.
const [code, count, answer] = arguments;
const find = (id) => document.querySelector(`[data-testid="${id}"]`);
const until = (look) => new Promise((resolve) => {
  const found = look();
  if (found) return resolve(found);
  const observer = new MutationObserver(() => {
    const found = look();
    if (!found) return;
    observer.disconnect();
    resolve(found);
  });
  observer.observe(document, { subtree: true, childList: true, characterData: true });
});
const times = { sales: [], raw: [] };
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function sell() {
  const field = await until(() => find("search"));
  field.value = code;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  await until(() => find("basket-line-1"));
  (await until(() => find("pay"))).click();
  (await until(() => find("quick-0"))).click();
  const finish = await until(() => find("finish-sale"));
  const began = performance.now();
  finish.click();
  await until(() => find("receipt-number")?.textContent.trim());
  times.sales.push(performance.now() - began);
  (await until(() => find("next-customer"))).click();
}

async function raw(database, number) {
  const began = performance.now();
  const transaction = database.transaction(["sales", "outbox", "state"], "readwrite", { durability: "strict" });
  const completed = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  const before = (await done(transaction.objectStore("state").get("counters"))) ?? { receipt: 0, sequence: 0 };
  transaction.objectStore("sales").put({ number, sale: new Uint8Array(600) }, number);
  transaction.objectStore("outbox").put({ number, entry: new Uint8Array(700) }, number);
  transaction.objectStore("state").put({ receipt: before.receipt + 1, sequence: before.sequence + 1 }, "counters");
  await completed;
  times.raw.push(performance.now() - began);
}

(async () => {
  const open = indexedDB.open("raw-sales", 1);
  open.onupgradeneeded = () => ["sales", "outbox", "state"].forEach((name) => open.result.createObjectStore(name));
  const database = await done(open);
  for (let number = 1; number <= count; number++) {
    await sell();
    await raw(database, number);
  }
  database.close();
  await done(indexedDB.deleteDatabase("raw-sales"));
  answer(times);
})().catch((error) => answer(String(error)));
