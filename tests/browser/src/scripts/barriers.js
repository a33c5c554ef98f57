// What axe finds on this page; arguments: rules that are left out, and a function that is given the sentences.
const [rulesOff, told] = arguments;
const off = Object.fromEntries(rulesOff.map((rule) => [rule, { enabled: false }]));
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const inWords = ({ id, help, nodes }) => nodes.map(({ html, failureSummary }) =>
  `${id}: ${help}: ${html.slice(0, 160)}: ${failureSummary.replace(/\s+/g, " ").slice(0, 240)}`);
axe.run(document, { runOnly: { type: "tag", values: rules }, rules: off, resultTypes: ["violations"] })
  .then(({ violations }) => told(violations.flatMap(inWords)), (error) => told([`axe failed: ${error}`]));
