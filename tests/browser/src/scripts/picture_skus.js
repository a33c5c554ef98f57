// The skus of the pictures that are kept, as the register's database has them.
const done = arguments[arguments.length - 1];
const opening = indexedDB.open("holdfast-pictures");
opening.onerror = () => done(String(opening.error));
opening.onsuccess = () => {
  const database = opening.result;
  const keys = database.transaction("kept").objectStore("kept").getAllKeys();
  keys.onsuccess = () => {
    database.close();
    done(keys.result);
  };
};
