import { setTimeout as delay } from "node:timers/promises";
import type { OutgoingSpan } from "../replay/encode-traces.ts";
import { sendTraces } from "../replay/send-traces.ts";
import { type LoadClient, recordTrace } from "./record-trace.ts";
import { seededRandom } from "./seeded-random.ts";
import { syntheticTrace, type TraceShape } from "./synthetic-trace.ts";

/** Options of {@link generateLoad}. */
export interface LoadOptions extends TraceShape {
  /** The Agent's trace receiver. @default "http://127.0.0.1:8126" */
  readonly url?: string;
  /**
   * Records the traces through this client instead of sending them to an Agent: with all that an application's own
   * spans go through. Their tags are then those that the client writes.
   */
  readonly client?: LoadClient;
  /** How many traces are begun in a second: above 0, at most 100,000. @default 10 */
  readonly tracesPerSecond?: number;
  /** How long (ms), at most 86,400,000. @default 10000 */
  readonly durationMs?: number;
  /** The same traces for the same seed, but for their times. @default 1 */
  readonly seed?: number;
  /** Called about once a second with how far it is. */
  readonly onProgress?: (report: LoadReport) => void;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/** What was sent or recorded so far. */
export interface LoadReport {
  /** Traces sent or recorded. */
  readonly traces: number;
  /** Spans in those traces. */
  readonly spans: number;
  /** Traces the Agent took; of a client, those that were recorded. */
  readonly accepted: number;
  /** Traces the Agent did not take, by status or error code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Time since the start (ms). */
  readonly durationMs: number;
  /** Of the answers, or of recording up to a hundred traces through a client (ms); 0 before the first one. */
  readonly latencyMs: {
    /** The time that half of them stayed within (ms). */
    readonly p50: number;
    /** The time that 99 of 100 stayed within (ms). */
    readonly p99: number;
  };
}

const intervalMs = 100;
const tracesAtOnce = 100;
/** So many answers are remembered for the percentiles. */
const maximumLatencies = 10_000;
const limits: Readonly<Record<string, readonly [number, number]>> = {
  tracesPerSecond: [Number.MIN_VALUE, 100_000],
  durationMs: [0, 86_400_000],
  depth: [0, 10],
  fanOut: [0, 10],
  errorRate: [0, 1],
  llmShare: [0, 1],
  agents: [0, 100],
  seed: [0, Number.MAX_SAFE_INTEGER],
};

/**
 * Sends synthetic traces of agents, tools and model calls at a steady rate, or records them through a client.
 *
 * What an Agent does not take is counted and not sent again. When answers come too slowly for the rate, fewer
 * traces are sent than asked for; the report says how many.
 *
 * @throws RangeError or TypeError for a bad option (as a rejection).
 * @example
 * ```ts
 * import { generateLoad } from "@llmdevops/dd-testing";
 *
 * const report = await generateLoad({ url: agent.url, tracesPerSecond: 100, durationMs: 5_000 });
 * ```
 */
export async function generateLoad(options: LoadOptions = {}): Promise<LoadReport> {
  const { url, client, tracesPerSecond, durationMs, seed, onProgress, signal, ...shape } =
    resolve(options);
  const random = seededRandom(seed);
  const began = performance.now();
  const latencies: number[] = [];
  const refused: Record<string, number> = {};
  let traces = 0;
  let spans = 0;
  let accepted = 0;
  const report = (): LoadReport => ({
    traces,
    spans,
    accepted,
    refused: { ...refused },
    durationMs: performance.now() - began,
    latencyMs: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) },
  });
  let reportedAt = began;
  while (signal?.aborted !== true) {
    const elapsed = Math.min(performance.now() - began, durationMs);
    const due = Math.floor((elapsed / 1_000) * tracesPerSecond) - traces;
    if (due <= 0 && elapsed >= durationMs) break;
    const batch = Array.from({ length: Math.min(due, tracesAtOnce) }, () =>
      syntheticTrace(random, shape, Date.now()),
    );
    if (batch.length > 0) {
      traces += batch.length;
      spans += batch.reduce((sum, trace) => sum + trace.length, 0);
      const { isAccepted, outcome, latencyMs } =
        client === undefined ? await sendTraces(url, batch) : recordTraces(client, batch);
      latencies.push(latencyMs);
      if (latencies.length > maximumLatencies) latencies.shift();
      if (isAccepted) accepted += batch.length;
      else refused[outcome] = (refused[outcome] ?? 0) + batch.length;
    }
    if (due < tracesAtOnce) await delay(Math.min(intervalMs, Math.max(1, durationMs - elapsed)));
    if (onProgress !== undefined && performance.now() - reportedAt >= 1_000) {
      reportedAt = performance.now();
      onProgress(report());
    }
  }
  await client?.flush();
  return report();
}

function recordTraces(
  client: LoadClient,
  traces: readonly (readonly OutgoingSpan[])[],
): { isAccepted: boolean; outcome: string; latencyMs: number } {
  const began = performance.now();
  for (const trace of traces) recordTrace(client, trace);
  return { isAccepted: true, outcome: "recorded", latencyMs: performance.now() - began };
}

function resolve(
  options: LoadOptions,
): Required<Omit<LoadOptions, "client" | "onProgress" | "signal">> &
  Pick<LoadOptions, "client" | "onProgress" | "signal"> {
  for (const [name, [from, to]] of Object.entries(limits)) {
    const value = options[name as keyof LoadOptions];
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value >= from && value <= to)) {
      throw new RangeError(`generateLoad: ${name} must be a number from ${from} to ${to}`);
    }
  }
  const url = options.url ?? "http://127.0.0.1:8126";
  if (options.url !== undefined && options.client !== undefined) {
    throw new TypeError("generateLoad: give a url or a client, not both");
  }
  if (!URL.canParse(url)) throw new TypeError(`generateLoad: url must be a URL, not ${url}`);
  return {
    tracesPerSecond: 10,
    durationMs: 10_000,
    seed: 1,
    depth: 3,
    fanOut: 2,
    errorRate: 0.05,
    llmShare: 0.5,
    agents: 2,
    ...options,
    url,
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
