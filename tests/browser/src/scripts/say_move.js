// From now on the worker says of a move to another version of the profile what is given, nothing where that is null.
const [moving] = arguments;
const container = navigator.serviceWorker;
window.takeAsItCame ??= container.onmessage;
container.onmessage = (event) => {
  if (event.data.type === "status") event.data.status.moving = moving ?? undefined;
  window.takeAsItCame.call(container, event);
};
