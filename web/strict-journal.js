// Makes every write to the journal database durable: it counts once it is on the disk, not once the system
// has heard of it. Browsers write relaxed unless told otherwise at each transaction, and the library that opens
// them has no way to tell. Loaded by the till's page and by the service worker before anything opens a database; the
// journal does not open without it.
(() => {
  const JOURNAL = "holdfast-journal";
  const open = IDBDatabase.prototype.transaction;
  if (open.strictFor === JOURNAL) return;
  function transaction(stores, mode, options) {
    const strict = this.name === JOURNAL && mode === "readwrite";
    return open.call(this, stores, mode, strict ? { ...options, durability: "strict" } : options);
  }
  transaction.strictFor = JOURNAL;
  IDBDatabase.prototype.transaction = transaction;
})();
