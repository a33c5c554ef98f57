// The files of the browser's private folder, each as its name and its bytes in hex digits.
const done = arguments[arguments.length - 1];
(async () => {
  const files = [];
  for await (const [name, handle] of (await navigator.storage.getDirectory()).entries()) {
    const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
    files.push([name, Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")]);
  }
  done(files);
})().catch((error) => done(String(error)));
