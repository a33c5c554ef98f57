// Added to each document before its own scripts: notes when it first paints and when the till can sell, in
// milliseconds since the navigation began.
globalThis.holdfastStart = { painted: null, ready: null };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) holdfastStart.painted ??= entry.startTime;
}).observe({ type: "paint", buffered: true });
const started = new MutationObserver(() => {
  if (!document.querySelector('[data-testid^="staff-"]')) return;
  started.disconnect();
  holdfastStart.ready = performance.now();
});
started.observe(document, { subtree: true, childList: true });
