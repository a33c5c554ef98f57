// Notes when the first download begins and when the till can search and sell; before the code is entered.
const noted = (globalThis.holdfastDownload = { began: null, ready: null, rows: 0 });
navigator.serviceWorker.addEventListener("message", ({ data }) => {
  if (data?.type === "activated") noted.began ??= performance.now();
  const scopes = data?.type === "status" ? data.status.scopes : [];
  const tables = scopes.filter((scope) => scope.direction !== "upload").flatMap((scope) => scope.tables);
  noted.rows = Math.max(noted.rows, tables.reduce((sum, table) => sum + Number(table.rows), 0));
});
navigator.serviceWorker.startMessages();
const look = () => {
  if (!document.querySelector('[data-testid^="staff-"]')) return;
  observer.disconnect();
  noted.ready = performance.now();
};
const observer = new MutationObserver(look);
observer.observe(document, { subtree: true, childList: true });
