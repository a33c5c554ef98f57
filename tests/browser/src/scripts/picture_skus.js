// The skus of the pictures that are kept, as the register's database has them; none where it has no such database yet.
// Opening one that is not there would make it, empty, and the register could never make its own.
const done = arguments[arguments.length - 1];
const NAME = "holdfast-pictures";
const read = () => {
  const opening = indexedDB.open(NAME);
  opening.onerror = () => done(String(opening.error));
  opening.onsuccess = () => {
    const database = opening.result;
    const keys = database.transaction("kept").objectStore("kept").getAllKeys();
    keys.onsuccess = () => {
      database.close();
      done(keys.result);
    };
  };
};
indexedDB.databases().then((all) => (all.some((one) => one.name === NAME && one.version > 0) ? read() : done([])));
