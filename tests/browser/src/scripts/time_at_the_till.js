// Scans and types as fast as the till answers; answers with the milliseconds from each scan to its line and from each
// key to its results, style and layout included.
const [codes, queries, answer] = arguments;
const find = (id) => document.querySelector(`[data-testid="${id}"]`);
const channel = new MessageChannel();
const nextTask = () => new Promise((resolve) => {
  channel.port1.onmessage = resolve;
  channel.port2.postMessage(null);
});
const laidOut = (element) => element.getBoundingClientRect().height;
const times = { scans: [], keys: [], missing: [] };

// A scanner is told by the times at which its keys were pressed, and these are when the events are made.
async function scan(code) {
  const lines = document.querySelectorAll('[data-testid^="basket-line-"]').length;
  const keys = [...code, "Enter"].map((key) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const enter = keys.pop();
  keys.forEach((key) => document.body.dispatchEvent(key));
  await nextTask();
  const began = performance.now();
  document.body.dispatchEvent(enter);
  await nextTask();
  for (let tries = 0; tries < 100 && !find(`basket-line-${lines + 1}`); tries++) await nextTask();
  const line = find(`basket-line-${lines + 1}`);
  if (line) laidOut(line);
  times.scans.push(performance.now() - began);
  if (!line) times.missing.push(code);
}

async function type(text) {
  const field = find("search");
  for (let length = 1; length <= text.length; length++) {
    const began = performance.now();
    field.value = text.slice(0, length);
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await nextTask();
    laidOut(document.querySelector(".tiles"));
    times.keys.push(performance.now() - began);
    // A frame for the page, as between two keys of a person.
    await new Promise(requestAnimationFrame);
  }
  field.value = "";
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await nextTask();
}

(async () => {
  for (const code of codes) await scan(code);
  for (const query of queries) await type(query);
  answer(times);
})().catch((error) => answer(String(error)));
