import { fork } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

interface Report {
  /** After each round, collected (bytes). */
  readonly heaps: readonly number[];
  readonly open: number;
  readonly created: number;
}

test("200 streams at once of 500 chunks, read, left and forgotten, leave nothing in memory", async () => {
  const child = fork(new URL("./concurrent-streams.ts", import.meta.url), {
    execArgv: ["--expose-gc", "--conditions=@llmdevops/source"],
  });
  const reports: Report[] = [];
  child.on("message", (message: Report) => reports.push(message));
  await Promise.all([once(child, "exit"), once(child, "disconnect")]);
  const [report] = reports;
  if (report === undefined) throw new Error("The process ended without a report.");

  expect(report.open).toBe(0);
  expect(report.created).toBe(200 * 8);
  // The first rounds compile and fill caches; six follow, of 1,200 streams with 2.5 KB of text each.
  const settled = report.heaps.slice(2);
  const growth = (settled.at(-1) ?? Number.NaN) - (settled[0] ?? Number.NaN);
  expect(growth).toBeLessThan(2_000_000);
}, 120_000);
