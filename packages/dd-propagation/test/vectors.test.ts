import { existsSync, readFileSync } from "node:fs";
import { checkCase, type PropagationCase } from "@llmdevops/propagation-cases";
import { describe, expect, test } from "vitest";
import { runCase } from "./support/propagation-case.ts";

const file = new URL("../../../../shared/vectors/propagation.json", import.meta.url);
const isPresent = existsSync(file);
const cases: readonly PropagationCase[] = isPresent
  ? JSON.parse(readFileSync(file, "utf8")).cases
  : [];

describe.skipIf(!isPresent)("vectors of other implementations (skipped without the file)", () => {
  test("the file has cases", () => {
    expect(cases.length).toBeGreaterThan(0);
  });

  test.each(cases)("$id", (testCase) => {
    const outcome = runCase(testCase);

    checkCase(testCase.expect, outcome);
  });
});
