// The same rows as a page would write them without thinking: an awaited put for each; in a transaction of its own
// (as small wrappers around IndexedDB do it) or in one for its table. Answers with milliseconds.
const [tables, name, ownTransactions, answer] = arguments;
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const complete = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = resolve;
  transaction.onabort = () => reject(transaction.error);
});
const open = indexedDB.open(name, 1);
open.onupgradeneeded = () => tables.forEach(({ table, key }) => open.result.createObjectStore(table, { keyPath: key }));
done(open).then(async (database) => {
  const began = performance.now();
  for (const { table, rows } of tables) {
    if (ownTransactions) {
      for (const row of rows) {
        const transaction = database.transaction(table, "readwrite");
        const completed = complete(transaction);
        transaction.objectStore(table).put(row);
        await completed;
      }
    } else {
      const transaction = database.transaction(table, "readwrite");
      const completed = complete(transaction);
      for (const row of rows) await done(transaction.objectStore(table).put(row));
      await completed;
    }
  }
  const took = performance.now() - began;
  database.close();
  await done(indexedDB.deleteDatabase(name));
  answer(took);
}).catch((error) => answer(String(error)));
