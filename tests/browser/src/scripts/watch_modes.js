// From now on notes each mode that the connection pill shows, and when: ms since the page was loaded, whatever becomes
// of its clock.
window.modesShown = [];
const note = () => {
  const mode = document.querySelector("[data-testid=connection]")?.dataset.mode;
  if (mode && window.modesShown.at(-1)?.[0] !== mode) window.modesShown.push([mode, performance.now()]);
};
note();
new MutationObserver(note).observe(document.body, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ["data-mode"],
});
