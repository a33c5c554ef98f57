// Every text a person can see or hear on the page, [place, text]; codes and hashes left out, and what the store server
// says in the one language that it has.
const found = [["title", document.title]];
const shown = (element) => element.checkVisibility({ visibilityProperty: true });
const place = (element) => {
  const named = element.closest("[data-testid]");
  return (named ? named.dataset.testid + " " : "") + element.tagName.toLowerCase();
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  const text = walker.currentNode.data.trim();
  if (text && !element.closest("script, style, noscript, code, .code, body [lang]") && shown(element)) found.push([place(element), text]);
}
for (const name of ["aria-label", "aria-description", "aria-valuetext", "placeholder", "title", "alt"]) {
  for (const element of document.body.querySelectorAll(`[${name}]:not(code)`)) {
    const text = element.getAttribute(name).trim();
    if (text && shown(element)) found.push([`${place(element)} ${name}`, text]);
  }
}
return found;
