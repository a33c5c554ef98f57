// Presses keys as a scanner does, with no time for a timer between them; answers with how many products and words came
// to the products' pane or left it meanwhile.
const [keys, answer] = arguments;
(async () => {
  let moved = 0;
  const count = (records) => records.forEach((record) => (moved += record.addedNodes.length + record.removedNodes.length));
  const observer = new MutationObserver(count);
  observer.observe(document.querySelector(".products"), { subtree: true, childList: true });
  for (const key of keys) {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    // All that a key sets off in the page is done in its microtasks, and in theirs.
    for (let turn = 0; turn < 50; turn++) await null;
  }
  count(observer.takeRecords());
  observer.disconnect();
  answer(moved);
})().catch((error) => answer(String(error)));
