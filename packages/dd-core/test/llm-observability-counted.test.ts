import "./support/count-for-telemetry.ts";
import "./llm-observability.test.ts";
import { expect, test } from "vitest";
import { createTracing, silentLogger } from "../src/index.ts";
import { countedSpans } from "./support/counted-spans.ts";

test("all of that is counted for dd-trace's telemetry where that is on", () => {
  const llmobs = { enabled: true };
  const tracing = createTracing({ service: "checkout", llmobs, logger: silentLogger });

  const span = tracing.startSpan("work", { llmobs: { kind: "task" } });
  tracing.annotate(span, { outputData: "done" });
  span.finish();

  const counted = countedSpans().join("\n");
  for (const name of ["span.start", "span.finished", "annotations"]) {
    expect(counted).toContain(`mlobs.${name}`);
  }
});
