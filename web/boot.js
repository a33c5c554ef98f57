// Starts a page's wasm. A file of its own, since the content security policy allows no inline script;
// the bundler writes the names of what to load on this script's element.
const own = document.querySelector("script[data-wasm]");
try {
  const { default: start } = await import(own.dataset.script);
  await start({ module_or_path: own.dataset.wasm });
} catch (error) {
  console.error(error);
  document.getElementById("not-started").hidden = false;
}
