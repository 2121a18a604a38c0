import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  checkCase,
  type PropagationCase,
  type PropagationOutcome,
} from "@llmdevops/propagation-cases";
import { beforeAll, describe, expect, test } from "vitest";

const file = new URL("../../../../../shared/vectors/propagation.json", import.meta.url);
const isPresent = existsSync(file);
const cases: readonly PropagationCase[] = isPresent
  ? JSON.parse(readFileSync(file, "utf8")).cases
  : [];
const runner = fileURLToPath(new URL("run-cases.ts", import.meta.url));
const timeoutMs = 120_000;

/** Runs the cases of one environment in a process of its own, since dd-trace reads its environment once. */
function runProcess(group: readonly PropagationCase[]): Promise<PropagationOutcome[]> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      ["--conditions=@llmdevops/source", runner],
      { env: { PATH: process.env["PATH"], ...group[0]?.env }, timeout: 60_000, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${error.message}\n${stderr}`));
        else resolve(JSON.parse(stdout) as PropagationOutcome[]);
      },
    );
    child.stdin?.end(JSON.stringify(group));
  });
}

describe.skipIf(!isPresent)("the complete client over dd-trace (skipped without the file)", () => {
  const outcomes = new Map<string, PropagationOutcome>();

  beforeAll(async () => {
    const groups = Map.groupBy(cases, ({ env }) => JSON.stringify(env ?? {}));
    for (const group of groups.values()) {
      const results = await runProcess(group);
      group.forEach(({ id }, index) => {
        const outcome = results[index];
        if (outcome !== undefined) outcomes.set(id, outcome);
      });
    }
  }, timeoutMs);

  test("every case has an outcome", () => {
    expect(outcomes.size).toBe(cases.length);
  });

  test.each(cases)("$id", ({ id, expect: expected }) => {
    const outcome = outcomes.get(id);

    expect(outcome).toBeDefined();
    if (outcome !== undefined) checkCase(expected, outcome);
  });
});
