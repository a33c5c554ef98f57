// Holds the answers to requests of a method to addresses that end so, until they are released. Arguments: method, end.
const [method, end] = arguments;
const fetchAtOnce = window.fetch;
window.heldAnswers = [];
window.fetch = async (request, ...rest) => {
  const answer = await fetchAtOnce(request, ...rest);
  if (request.method !== method || !request.url.endsWith(end)) return answer;
  // Read now: what the page has given up by then can't be read any more.
  const { status, headers } = answer;
  const body = await answer.arrayBuffer();
  await new Promise((release) => window.heldAnswers.push(release));
  return new Response(body.byteLength ? body : null, { status, headers });
};
window.releaseAnswers = () => {
  window.fetch = fetchAtOnce;
  for (const release of window.heldAnswers.splice(0)) release();
};
