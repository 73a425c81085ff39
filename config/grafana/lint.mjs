// Every query of a dashboard or of rules must be good PromQL: node lint.mjs FILE...
import { readFileSync } from "node:fs";
import { parser } from "@prometheus-io/lezer-promql";

function queriesOf(file) {
  const text = readFileSync(file, "utf8");
  if (!file.endsWith(".json")) return [...text.matchAll(/^\s+expr: (.+)$/gm)].map((found) => found[1]);
  const panels = JSON.parse(text).panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  return panels.flatMap((panel) => (panel.targets ?? []).map((target) => target.expr));
}

let wrong = 0;
for (const file of process.argv.slice(2)) {
  const queries = queriesOf(file);
  if (queries.length === 0) { console.error(`${file}: has no query`); wrong += 1; }
  for (const query of queries) {
    const text = query.replaceAll("$__rate_interval", "5m");
    parser.parse(text).iterate({ enter(node) {
      if (!node.type.isError) return true;
      console.error(`${file}: wrong at character ${node.from + 1}: ${query}`);
      wrong += 1;
      return false;
    } });
  }
}
process.exit(wrong === 0 ? 0 : 1);
