import type { DatadogAPMClient } from "@llmdevops/dd";
import type { MockDatadogAPMClient, ReceivedSpan, TestAgent } from "@llmdevops/dd-testing";

/** What both clients can be asked about one span, in one form. */
interface ComparedSpan {
  readonly name: string;
  readonly service: string;
  readonly resource: string;
  readonly type: string;
  readonly traceIdHex: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly error: boolean;
  /** Values as text, booleans as dd-trace sends them: 1 and 0. */
  readonly tags: Readonly<Record<string, string>>;
  readonly eventNames: readonly string[];
  readonly linkedSpans: readonly string[];
}

interface ComparedMetric {
  readonly name: string;
  readonly type: string;
  readonly tags: readonly string[];
}

interface ComparedLlmobsSpan {
  readonly kind: string;
  readonly name: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** A client under test and what arrived of it. */
export interface Subject {
  readonly client: DatadogAPMClient;
  spans(expected: number): Promise<ComparedSpan[]>;
  metrics(expected: number): Promise<ComparedMetric[]>;
  llmobsSpans(expected: number): Promise<ComparedLlmobsSpan[]>;
  events(expected: number): Promise<readonly object[]>;
  serviceChecks(expected: number): Promise<readonly object[]>;
  reset(): Promise<void>;
}

const byStart = (left: ReceivedSpan, right: ReceivedSpan): number =>
  Number(left.start - right.start);
const texts = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "boolean" ? String(Number(value)) : String(value),
    ]),
  );
const typeNames = {
  c: "count",
  g: "gauge",
  h: "histogram",
  d: "distribution",
  ms: "timing",
  s: "set",
};
const ownTags = new Set(["service", "env", "version", "team"]);
const sorted = (tags: readonly string[]): string[] => [...tags].sort();

/** The client in memory. */
export function mockSubject(client: MockDatadogAPMClient): Subject {
  return {
    client,
    spans: async () =>
      client.getSpans().map((span) => ({
        ...span,
        tags: texts(span.tags),
        eventNames: span.events.map(({ name }) => name),
        linkedSpans: span.links.map(({ spanId }) => spanId),
      })),
    metrics: async () =>
      client.getMetrics().map(({ name, type, tags }) => ({
        name,
        type,
        tags: sorted(
          Object.entries(tags).map(([key, value]) => (value === "" ? key : `${key}:${value}`)),
        ),
      })),
    llmobsSpans: async () => client.getLlmobsSpans(),
    events: async () => client.getEvents().map(withSortedTags),
    serviceChecks: async () => client.getServiceChecks().map(withSortedTags),
    reset: async () => client.reset(),
  };
}

/** The real client, as the embedded Agent received it. */
export function realSubject(client: DatadogAPMClient, agent: TestAgent): Subject {
  const arrived = async <T>(
    kind: "spans" | "llmobsSpans" | "events" | "serviceChecks",
    count: number,
    read: () => T,
  ): Promise<T> => {
    await client.flush();
    await agent.waitFor({ [kind]: count });
    return read();
  };
  return {
    client,
    spans: (count) =>
      arrived("spans", count, () =>
        agent
          .spans()
          .sort(byStart)
          .map((span) => ({
            ...span,
            error: span.error === 1,
            tags: texts({ ...span.meta, ...span.metrics }),
            eventNames: (span.spanEvents ?? []).map(({ name }) => name),
            linkedSpans: (span.spanLinks ?? []).map(({ spanId }) => spanId),
          })),
      ),
    async metrics(count) {
      await client.flush();
      const own = () => agent.metrics().filter(({ name }) => !name.startsWith("datadog."));
      await agent.waitFor(() => own().length >= count);
      return own().map(({ name, type, tags }) => ({
        name,
        type: typeNames[type],
        tags: sorted(
          tags.filter((tag) => ownTags.has(tag.split(":", 1)[0] ?? "") || !tag.startsWith("dd.")),
        ),
      }));
    },
    llmobsSpans: (count) => arrived("llmobsSpans", count, () => agent.llmobsSpans()),
    events: (count) => arrived("events", count, () => agent.events().map(withSortedTags)),
    serviceChecks: (count) =>
      arrived("serviceChecks", count, () => agent.serviceChecks().map(withSortedTags)),
    async reset() {
      await client.flush();
      agent.clear();
    },
  };
}

function withSortedTags<T extends { readonly tags: readonly string[] }>(record: T): T {
  return { ...record, tags: sorted(record.tags) };
}
