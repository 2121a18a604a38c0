import "./support/count-for-telemetry.ts";
import "./llm-observability.test.ts";
import { expect, test, vi } from "vitest";
import { internalModule } from "../src/dd-trace/internal-module.ts";
import { createTracing, silentLogger } from "../src/index.ts";

test("all of that is counted for dd-trace's telemetry where that is on", () => {
  const telemetry = internalModule("dd-trace/src/llmobs/telemetry.js") as {
    incrementLLMObsSpanStartCount(): void;
    recordLLMObsAnnotate(): void;
  };
  const started = vi.spyOn(telemetry, "incrementLLMObsSpanStartCount");
  const annotated = vi.spyOn(telemetry, "recordLLMObsAnnotate");
  const tracing = createTracing({
    service: "checkout",
    llmobs: { enabled: true },
    logger: silentLogger,
  });

  const span = tracing.startSpan("work", { llmobs: { kind: "task" } });
  tracing.annotate(span, { outputData: "done" });
  span.finish();

  expect([started, annotated].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
});
