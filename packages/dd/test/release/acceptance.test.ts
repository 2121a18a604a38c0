import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const page = new URL("../../../../docs/acceptance.md", import.meta.url);
const text = readFileSync(page, "utf8");

/** The criteria of the specification, section 14, in its own words and order. */
const specified = [
  "Traces appear in Datadog APM",
  "Metrics visible in Datadog Metrics Explorer",
  "Logs correlated with traces",
  "Service map shows dependencies",
  "LLM spans have correct attributes",
  "Agent steps are correlated",
  "Errors tracked with stack traces",
  "No app degradation if agent unavailable",
  "Latency within budgets",
  "Memory within limits",
  "Mock exporter enables testing",
  "All shared abstractions used",
  "API reference complete",
  "Configuration guide",
  "Troubleshooting guide",
  "Example code provided",
];
const criteriaOfThePlan = 8;

interface Criterion {
  readonly name: string;
  /** Files that are linked, each with the titles that are quoted after it. */
  readonly proofs: readonly { readonly file: string; readonly titles: readonly string[] }[];
}

const criteria: readonly Criterion[] = [...text.matchAll(/^\| (.+?) \| (.+) \|$/gm)]
  .filter(([, name]) => name !== "criterion" && name !== "---")
  .map(([, name = "", proof = ""]) => ({
    name,
    proofs: proof.split(/(?=\[)/).flatMap((part) => {
      const file = /^\[[^\]]+\]\(([^)]+)\)/.exec(part)?.[1];
      const titles = [...part.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => title);
      return file === undefined ? [] : [{ file, titles }];
    }),
  }));

test("every criterion of the specification has its line, and the plan's have theirs", () => {
  const names = criteria.map(({ name }) => name);

  expect(names.slice(0, specified.length)).toEqual(specified);
  expect(names).toHaveLength(specified.length + criteriaOfThePlan);
});

describe.each(criteria)("$name", ({ proofs }) => {
  test("is proved by files that exist, and by tests with these titles", () => {
    expect(proofs).not.toEqual([]);
    for (const { file, titles } of proofs) {
      const path = new URL(file, page);
      expect(existsSync(path), file).toBe(true);
      if (file.endsWith(".test.ts")) expect(titles, file).not.toEqual([]);
      const source = readFileSync(path, "utf8");
      for (const title of titles) expect(source, file).toContain(title);
    }
  });
});
