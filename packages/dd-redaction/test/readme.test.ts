import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { createStreamRedactor } from "../src/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("shows in the README what its example prints", () => {
  const [, example = "", output = ""] =
    /```ts\n([\s\S]*?)```\n\nprints\n\n```text\n([\s\S]*?)```/.exec(readme) ?? [];

  const printed = execFileSync(
    process.execPath,
    ["--conditions=@llmdevops/source", "--input-type=module", "--eval", example],
    { cwd: fileURLToPath(new URL("..", import.meta.url)), encoding: "utf8" },
  );

  expect(example).toContain("createRedactor");
  expect(printed).toBe(output);
});

it("streams as the README says", () => {
  const stream = createStreamRedactor();

  expect(stream.push("write to ada@exa") + stream.push("mple.com") + stream.end()).toBe(
    "write to [EMAIL_REDACTED]",
  );
});
