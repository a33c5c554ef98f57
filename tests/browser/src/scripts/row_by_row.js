// The same rows as a page would write them without thinking: a put for each, awaited, a transaction for each table.
const [tables, name, answer] = arguments;
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const open = indexedDB.open(name, 1);
open.onupgradeneeded = () => tables.forEach(({ table, key }) => open.result.createObjectStore(table, { keyPath: key }));
done(open).then(async (database) => {
  const began = performance.now();
  for (const { table, rows } of tables) {
    const transaction = database.transaction(table, "readwrite");
    const complete = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const store = transaction.objectStore(table);
    for (const row of rows) await done(store.put(row));
    await complete;
  }
  const took = performance.now() - began;
  database.close();
  await done(indexedDB.deleteDatabase(name));
  answer(took);
}).catch((error) => answer(String(error)));
