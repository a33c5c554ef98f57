// Notes how long frames take, and tasks that the browser calls long, from now on; `take()` gives and forgets them.
const noted = (globalThis.holdfastFrames ??= { frames: [], longTasks: [], take: null });
if (!noted.take) {
  noted.take = () => ({ frames: noted.frames.splice(0), longTasks: noted.longTasks.splice(0) });
  let last = performance.now();
  const frame = () => {
    const now = performance.now();
    noted.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => noted.longTasks.push(...list.getEntries().map((entry) => entry.duration)))
    .observe({ type: "longtask" });
}
noted.take();
