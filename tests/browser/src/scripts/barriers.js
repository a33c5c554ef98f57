// What axe finds on this page; the last argument is a function that is given the sentences.
const told = arguments[arguments.length - 1];
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const inWords = ({ id, help, nodes }) => nodes.map(({ html, failureSummary }) =>
  `${id}: ${help}: ${html.slice(0, 160)}: ${failureSummary.replace(/\s+/g, " ").slice(0, 240)}`);
axe.run(document, { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] })
  .then(({ violations }) => told(violations.flatMap(inWords)), (error) => told([`axe failed: ${error}`]));
