import { createMetrics } from "@llmdevops/dd-metrics";
import { startTestAgent } from "@llmdevops/dd-testing";
import { realAgentUnavailable, startRealAgent } from "@llmdevops/real-agent";
import { expect, test } from "vitest";
import { makeMixedCalls } from "./mixed-calls.ts";

const unavailable = realAgentUnavailable();

test.skipIf(unavailable !== undefined)(
  `Datadog's own Agent takes every line that the embedded one counts (${unavailable ?? "installed"})`,
  async () => {
    const [real, embedded] = await Promise.all([startRealAgent(), startTestAgent()]);
    for (const port of [real.dogstatsdPort, embedded.dogstatsdPort]) {
      const metrics = createMetrics({ service: "mixed", dogstatsd: { host: "127.0.0.1", port } });
      // This build of the Agent does not know the other types.
      makeMixedCalls(metrics, ["c", "g", "d"]);
      await metrics.close();
    }

    const parsed = () =>
      real
        .log()
        .map((line) => Number(/Parsed (\d+) valid metrics/.exec(line)?.[1] ?? 0))
        .reduce((sum, count) => sum + count, 0);
    await expect.poll(parsed, { timeout: 10_000 }).toBe(embedded.metrics().length);
    expect(real.log().filter((line) => /Failed to parse|Unsupported/i.test(line))).toEqual([]);
    expect(embedded.rejections()).toEqual([]);
    await Promise.all([real.stop(), embedded.stop()]);
  },
  40_000,
);
