import { createClient, type DatadogAPMClient } from "@llmdevops/dd";
import { type ReceivedSpan, startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { expect } from "vitest";

/** A client whose telemetry goes to an Agent in this process. */
export interface ObservedClient {
  readonly agent: TestAgent;
  readonly datadog: DatadogAPMClient;
  /** The spans that have arrived, once none is open any more. */
  spans(): Promise<ReceivedSpan[]>;
  /** Forgets what has arrived. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both; the content of calls is recorded. */
export async function startObservedClient(service: string): Promise<ObservedClient> {
  const agent = await startTestAgent();
  const datadog = createClient({
    service,
    env: "test",
    agent: { url: agent.url },
    dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort },
    llmobs: { enabled: true, mlApp: service },
    content: { mode: "full" },
  });
  return {
    agent,
    datadog,
    async spans() {
      const report = await datadog.flush();
      expect(report.openSpans).toBe(0);
      return agent.spans();
    },
    async clear() {
      await datadog.flush();
      agent.clear();
    },
    async stop() {
      await datadog.shutdown();
      await agent.stop();
    },
  };
}

/** The span with this name and resource, of which there is one. */
export function spanOf(
  spans: readonly ReceivedSpan[],
  name: string,
  resource?: string,
): ReceivedSpan {
  const found = spans.filter(
    (span) => span.name === name && (resource === undefined || span.resource === resource),
  );
  expect(found.map((span) => `${span.name} ${span.resource}`)).toHaveLength(1);
  return found[0] as ReceivedSpan;
}

/** The spans as an outline: each below its parent, by name and resource. */
export function outline(spans: readonly ReceivedSpan[]): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const below = (parent: ReceivedSpan | undefined, depth: number): string[] =>
    spans
      .filter((span) =>
        parent === undefined ? !ids.has(span.parentId) : span.parentId === parent.spanId,
      )
      .sort((a, b) => Number(a.start - b.start))
      .flatMap((span) => [
        `${"  ".repeat(depth)}${span.name} ${span.resource}`,
        ...below(span, depth + 1),
      ]);
  return below(undefined, 0);
}
