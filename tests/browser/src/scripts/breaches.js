// What on this page breaks the rules that hold for every screen; arguments: least size of a touch target, px.
const [least] = arguments;
const breaches = [];
const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest("[inert]");
const name = (element) => {
  const by = (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
  const labels = [...(element.labels || [])].map((label) => label.textContent);
  const words = [element.getAttribute("aria-label"), ...by.map((id) => document.getElementById(id)?.textContent),
    ...labels, element.matches("input, select, textarea") ? "" : element.textContent, element.title];
  return words.map((word) => (word || "").trim()).find(Boolean) || "";
};
const called = (element) => element.dataset.testid || element.outerHTML.slice(0, 120);
const scrolls = (element) => {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (["auto", "scroll"].includes(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth) return true;
  }
  return false;
};
const touched = "button, a[href], input, select, textarea, summary, [role=button], [role=tab]";
for (const element of document.querySelectorAll(touched)) {
  if (!shown(element)) continue;
  if (!name(element)) breaches.push(`${called(element)} has no name`);
  const { width, height, left, right } = (element.closest("label") || element).getBoundingClientRect();
  if (width < least || height < least) {
    breaches.push(`${called(element)} is ${Math.round(width)} × ${Math.round(height)} px`);
  }
  if ((left < 0 || right > innerWidth + 0.5) && !scrolls(element)) {
    breaches.push(`${called(element)} reaches from ${Math.round(left)} to ${Math.round(right)} of ${innerWidth} px`);
  }
}
// What is written from right to left must not turn round what stands beside it.
const turnsRound = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066\u2067\ufb1d-\ufdff\ufe70-\ufeff]/;
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let text = texts.nextNode(); text; text = texts.nextNode()) {
  const apart = text.data.replace(/\u2068[^\u2069]*\u2069/g, "");
  if (!turnsRound.test(apart) || !shown(text.parentElement)) continue;
  const style = (element) => getComputedStyle(element);
  let around = text.parentElement;
  while (style(around).display === "inline" && !/isolate|plaintext/.test(style(around).unicodeBidi)) around = around.parentElement;
  if (around.textContent.trim() !== text.data.trim()) breaches.push(`${called(around)} turns round what stands beside “${text.data}”`);
}
const page = document.scrollingElement;
if (page.scrollWidth > page.clientWidth) {
  breaches.push(`the page is ${page.scrollWidth} px wide in a view of ${page.clientWidth} px`);
}
// A frame that does not scroll for a finger does so when something gets the focus, and stays where it is then.
if (getComputedStyle(document.body).overflowY === "hidden" && page.scrollHeight > page.clientHeight) {
  breaches.push(`the frame is ${page.scrollHeight} px high in a view of ${page.clientHeight} px`);
}
if (!document.documentElement.lang) breaches.push("the page names no language");
return breaches;
