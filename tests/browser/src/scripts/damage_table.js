// Cuts the pages of a table (by its number) in half, as a disk may; answers how many they were.
const [table, done] = arguments;
const prefix = String(table).padStart(3, "0") + "/";
const opening = indexedDB.open("holdfast-scopes");
opening.onerror = () => done(String(opening.error));
opening.onsuccess = () => {
  const database = opening.result;
  const transaction = database.transaction("pages", "readwrite");
  let count = 0;
  transaction.objectStore("pages").openCursor(IDBKeyRange.bound(prefix, prefix + "~")).onsuccess = ({ target }) => {
    const cursor = target.result;
    if (!cursor) return;
    cursor.update(cursor.value.slice(0, cursor.value.length / 2));
    count += 1;
    cursor.continue();
  };
  transaction.onabort = () => done(String(transaction.error));
  transaction.oncomplete = () => {
    database.close();
    done(count);
  };
};
