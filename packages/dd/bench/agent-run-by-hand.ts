import type { MetricsSink } from "@llmdevops/dd-core";
import tracer from "dd-trace";

/** What a run works with. */
export interface RunMaterial {
  readonly input: object;
  readonly metrics: Pick<MetricsSink, "distribution" | "increment">;
}

/**
 * A run of ten steps and five tools, as careful people write it with dd-trace: the spans, tags and metrics that dd-agent
 * sends, with steps counted, errors kept, sizes, durations, totals and the path.
 */
export async function runByHand<T>(
  { input, metrics }: RunMaterial,
  search: () => Promise<T>,
): Promise<void> {
  const runId = crypto.randomUUID();
  const start = performance.now();
  let steps = 0;
  let toolMs = 0;
  const path: string[] = ["desk"];
  const root = tracer.startSpan("agent.run", {
    childOf: null as never,
    tags: {
      "resource.name": "desk",
      "span.type": "agent",
      "span.kind": "internal",
      "manual.keep": true,
      "agent.name": "desk",
      "agent.type": "orchestrator",
      "agent.run_id": runId,
    },
  });
  root.setBaggageItem("agent.run_id", runId);
  root.setBaggageItem("agent.name", "desk");
  const within = async <R>(
    name: string,
    tags: object,
    metric: string,
    fn: () => Promise<R>,
  ): Promise<R> => {
    const stepStart = performance.now();
    const isTool = metric === "agent.tool.duration";
    let succeeded = true;
    steps += 1;
    path.push(name);
    const span = tracer.startSpan(name, {
      childOf: root,
      tags: {
        "manual.keep": true,
        "agent.name": "desk",
        "agent.run_id": runId,
        "agent.step": steps,
        ...tags,
      },
    });
    try {
      const result = await tracer.scope().activate(span, fn);
      if (isTool) span.setTag("tool.output_size", sizeOf(result));
      return result;
    } catch (error) {
      succeeded = false;
      span.setTag("error", error);
      throw error;
    } finally {
      if (isTool) span.setTag("tool.success", succeeded);
      span.finish();
      const milliseconds = performance.now() - stepStart;
      if (isTool) {
        toolMs += milliseconds;
        metrics.distribution(metric, milliseconds, {
          agent: "desk",
          tool: "search",
          cached: "false",
        });
        metrics.increment("agent.tool.calls", 1, {
          agent: "desk",
          tool: "search",
          cached: "false",
          success: String(succeeded),
        });
      } else metrics.distribution(metric, milliseconds, { agent: "desk" });
    }
  };
  await tracer.scope().activate(root, async () => {
    for (let step = 0; step < 10; step += 1) {
      await within(
        "think",
        { "resource.name": "desk think" },
        "agent.step.duration",
        async () => step,
      );
      if (step % 2 !== 0) continue;
      const tags = {
        "resource.name": "search",
        "span.type": "tool",
        "span.kind": "internal",
        "agent.tool": "search",
        "tool.input_size": sizeOf(input),
        "tool.cached": false,
      };
      await within("tool.search", tags, "agent.tool.duration", search);
    }
  });
  root.addTags({
    "agent.steps": steps,
    "agent.outcome": "completed",
    "agent.run.agents": 1,
    "agent.run.steps": steps,
    "agent.run.tool_calls": 5,
    "agent.run.tool_ms": toolMs,
    "agent.run.critical_path": path.join(" > "),
  });
  root.finish();
  const durationMs = performance.now() - start;
  const tags = { agent: "desk" };
  metrics.increment("agent.run.count", 1, { agent: "desk", outcome: "completed" });
  metrics.distribution("agent.run.duration", durationMs, tags);
  metrics.distribution("agent.run.active_duration", durationMs, tags);
  metrics.distribution("agent.run.tool_duration", toolMs, tags);
  metrics.distribution("agent.run.steps", steps, tags);
}

/** As dd-agent estimates it, of what can be written as JSON. */
function sizeOf(value: unknown): number {
  return JSON.stringify(value).length;
}
