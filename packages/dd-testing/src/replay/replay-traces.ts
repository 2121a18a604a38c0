import { setTimeout as delay } from "node:timers/promises";
import type { OutgoingSpan } from "./encode-traces.ts";
import { readFixture, type TraceFixture } from "./read-fixture.ts";
import { sendTraces } from "./send-traces.ts";

/** Options of {@link replayTraces}. */
export interface ReplayOptions {
  /** The Agent's trace receiver. @default "http://127.0.0.1:8126" */
  readonly url?: string;
  /**
   * `original` sends each trace when it ended, counted from the first; `compressed` sends all at once; a number is
   * how many times faster than the original.
   * @default "compressed"
   */
  readonly speed?: "original" | "compressed" | number;
  /** Moves all times so that the first span starts now. @default true */
  readonly shiftToNow?: boolean;
  /** Ends the replay early. */
  readonly signal?: AbortSignal;
}

/** What a replay did. */
export interface ReplayReport {
  /** Traces sent. */
  readonly traces: number;
  /** Spans in those traces. */
  readonly spans: number;
  /** Traces that the Agent took. */
  readonly accepted: number;
  /** Traces it did not take, by status or error code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Time since the start (ms). */
  readonly durationMs: number;
}

/** Traces that are due are sent in payloads of at most so many. */
const tracesAtOnce = 100;

/**
 * Sends recorded traces again.
 *
 * @throws TypeError or RangeError for a bad option, and an error that names what is wrong with the fixture; what the
 *   Agent refuses is counted.
 * @example
 * ```ts
 * import { replayTraces } from "@llmdevops/dd-testing";
 *
 * const report = await replayTraces("checkout.capture.jsonl", { url: agent.url });
 * ```
 */
export async function replayTraces(
  fixture: TraceFixture,
  options: ReplayOptions = {},
): Promise<ReplayReport> {
  const {
    url = "http://127.0.0.1:8126",
    speed = "compressed",
    shiftToNow = true,
    signal,
  } = options;
  if (!URL.canParse(url)) throw new TypeError(`replayTraces: url must be a URL, not ${url}`);
  const factor =
    speed === "original" ? 1 : speed === "compressed" ? Number.POSITIVE_INFINITY : speed;
  if (!(factor > 0)) throw new RangeError("replayTraces: speed must be a number above 0");
  const began = performance.now();
  const traces = (await readFixture(fixture)).filter((trace) => trace.length > 0);
  const firstStart =
    traces
      .flat()
      .map(({ start }) => start)
      .sort(compare)[0] ?? 0n;
  const shift = shiftToNow ? BigInt(Date.now()) * 1_000_000n - firstStart : 0n;
  const due = traces
    .map((trace) => ({ trace: shifted(trace, shift), atMs: endOf(trace, firstStart) / factor }))
    .sort((left, right) => left.atMs - right.atMs);
  let accepted = 0;
  let spans = 0;
  const refused: Record<string, number> = {};
  while (due.length > 0 && signal?.aborted !== true) {
    const elapsed = performance.now() - began;
    const wait = (due[0]?.atMs ?? 0) - elapsed;
    if (wait > 0) await delay(Math.min(wait, 1_000), undefined, { ref: true });
    const now = performance.now() - began;
    const ready = due.findIndex(({ atMs }) => atMs > now);
    const count = Math.min(ready === -1 ? due.length : ready, tracesAtOnce);
    if (count === 0) continue;
    const batch = due.splice(0, count).map(({ trace }) => trace);
    spans += batch.reduce((sum, trace) => sum + trace.length, 0);
    const { isAccepted, outcome } = await sendTraces(url, batch);
    if (isAccepted) accepted += batch.length;
    else refused[outcome] = (refused[outcome] ?? 0) + batch.length;
  }
  return {
    traces: traces.length - due.length,
    spans,
    accepted,
    refused,
    durationMs: performance.now() - began,
  };
}

function shifted(trace: readonly OutgoingSpan[], shift: bigint): OutgoingSpan[] {
  return trace.map((span) => ({ ...span, start: span.start + shift }));
}

/** When a trace ended, counted from the first start of all (ms). */
function endOf(trace: readonly OutgoingSpan[], firstStart: bigint): number {
  const last =
    trace
      .map(({ start, duration }) => start + duration)
      .sort(compare)
      .at(-1) ?? firstStart;
  return Number(last - firstStart) / 1e6;
}

function compare(left: bigint, right: bigint): number {
  return Number(left - right);
}
