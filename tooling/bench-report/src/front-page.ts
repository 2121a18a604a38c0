import { shortNumber, type Verdict } from "./target-table.ts";

/** What the front page shows: the ones a new reader asks for, one of them missed. */
const shown = new Set([
  "CPU of a span, export included",
  "start, 4 tags, finish",
  "a model call: span, usage, cost, metrics",
  "counter, 4 tags in an object",
  "a run of 10 steps and 5 tools",
  "a model call with LLM Observability",
  "reading a stream of 500 chunks",
]);

const table = /(<!-- performance -->\n)[\s\S]*?(?=\n\n)/;

/** Puts what was measured into the table of the front page. @throws Where the page has no such table. */
export function frontPage(page: string, all: readonly Verdict[]): string {
  if (!table.test(page)) throw new Error("README.md has no table after <!-- performance -->");
  const rows = all.flatMap(({ target, value }) =>
    shown.has(target.operation) && value !== undefined
      ? [`| ${target.operation} | ${target.peer} | ${shortNumber(value)} ${target.unit} |`]
      : [],
  );
  return page.replace(
    table,
    (_table, marker: string) =>
      `${marker}| what | beside | ratio |\n| --- | --- | --- |\n${rows.join("\n")}`,
  );
}
