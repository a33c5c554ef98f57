// Starts a page's wasm. A file of its own, since the content security policy allows no inline script;
// the bundler writes the name of what to load on this script's element.
const own = document.querySelector("script[data-wasm]");
const show = (id) => {
  const note = document.getElementById(id);
  if (note) note.hidden = false;
};

// A trap in the wasm ends the page: nothing on it answers any more. Say so instead of standing still.
const stopped = (error) => {
  if (error instanceof WebAssembly.RuntimeError) show("stopped");
};
addEventListener("error", (event) => stopped(event.error));
addEventListener("unhandledrejection", (event) => stopped(event.reason));

try {
  // The classic script before this one defines it: the service worker loads the same file, and it can't load modules.
  await wasm_bindgen({ module_or_path: own.dataset.wasm });
} catch (error) {
  console.error(error);
  if (error instanceof WebAssembly.RuntimeError) stopped(error);
  else show("not-started");
}
