// The journal's entries as they are kept, each as hex digits, in order.
const done = arguments[arguments.length - 1];
const opening = indexedDB.open("holdfast-journal");
opening.onerror = () => done(String(opening.error));
opening.onsuccess = () => {
  const database = opening.result;
  const entries = database.transaction("entries").objectStore("entries").getAll();
  entries.onsuccess = () => {
    database.close();
    done(entries.result.map((bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")));
  };
};
