import { createMetrics } from "@llmdevops/dd-metrics";
import { startTestAgent } from "@llmdevops/dd-testing";
import { realAgentUnavailable, startRealAgent } from "@llmdevops/real-agent";
import { describe, expect, test } from "vitest";
import { makeMixedCalls } from "./mixed-calls.ts";

const unavailable = realAgentUnavailable();

describe.skipIf(unavailable !== undefined)(
  `Datadog's own Agent (${unavailable ?? "installed"})`,
  () => {
    test("takes every line that the embedded one counts", async () => {
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
    }, 40_000);

    test("comes to the same totals of 100,000 mixed calls", async () => {
      const real = await startRealAgent({ logLevel: "trace" });
      // This build, for functions in the cloud, takes the first of several values in a line only.
      const metrics = createMetrics({
        service: "mixed",
        dogstatsd: { host: "127.0.0.1", port: real.dogstatsdPort },
        aggregation: { packValues: false },
        maxBufferedLines: 100_000,
      });

      const { counts, gauges, samples } = makeMixedCalls(metrics, ["c", "g", "d"]);
      await metrics.close();

      await expect
        .poll(() => real.metricTotals(), { timeout: 25_000, interval: 250 })
        .toEqual({ counts, gauges, samples });
      await real.stop();
    }, 60_000);
  },
);
