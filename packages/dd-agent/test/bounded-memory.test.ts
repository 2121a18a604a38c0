import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("100,000 runs of agents with ever new names leave nothing behind", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      "--expose-gc",
      "--conditions=@llmdevops/source",
      fileURLToPath(new URL("fixtures/many-runs.ts", import.meta.url)),
    ],
    // Without the tracer: what grows can only be ours.
    { env: { PATH: process.env["PATH"], DD_TRACE_ENABLED: "false" } },
  );
  const { grownBytes, nodes, edges } = JSON.parse(stdout) as Record<string, number>;

  // One object of 24 bytes per run would already be 2 MB.
  expect(grownBytes).toBeLessThan(1_500_000);
  expect(nodes).toBeLessThanOrEqual(258);
  expect(edges).toBeLessThanOrEqual(1_024);
}, 120_000);
