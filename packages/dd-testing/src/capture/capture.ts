import type { ReceivedEvent } from "../agent/dogstatsd/parse-event.ts";
import type { ReceivedMetric } from "../agent/dogstatsd/parse-metric.ts";
import type { ReceivedServiceCheck } from "../agent/dogstatsd/parse-service-check.ts";
import type { ReceivedEvaluation } from "../agent/intake/evaluation.ts";
import type { ReceivedLlmobsSpan } from "../agent/intake/llmobs-span.ts";
import type { ReceivedLog } from "../agent/intake/log-record.ts";
import type { ReceivedOtlpMetric } from "../agent/otlp/decode-otlp-metrics.ts";
import type { ReceivedSpan } from "../agent/traces/received-span.ts";

/** Everything an agent received, as it is kept in a file. */
export interface AgentCapture {
  /** APM spans, from every traces endpoint. */
  readonly spans: readonly ReceivedSpan[];
  /** DogStatsD metrics, one for each message. */
  readonly metrics: readonly ReceivedMetric[];
  /** Metrics sent by OTLP over HTTP. */
  readonly otlpMetrics: readonly ReceivedOtlpMetric[];
  /** DogStatsD events. */
  readonly events: readonly ReceivedEvent[];
  /** DogStatsD service checks. */
  readonly serviceChecks: readonly ReceivedServiceCheck[];
  /** Spans of LLM Observability. */
  readonly llmobsSpans: readonly ReceivedLlmobsSpan[];
  /** Evaluations and feedback of LLM Observability. */
  readonly evaluations: readonly ReceivedEvaluation[];
  /** Log records sent to the logs intake. */
  readonly logs: readonly ReceivedLog[];
}

/** The kinds of records in a capture, in the order of their lines. */
const captureKinds: readonly (keyof AgentCapture)[] = [
  "spans",
  "metrics",
  "otlpMetrics",
  "events",
  "serviceChecks",
  "llmobsSpans",
  "evaluations",
  "logs",
];

/** The first line of a capture. */
const header = { format: "llmdevops-capture", version: 1 } as const;

/** Writes a capture as lines of JSON; times in nanoseconds are decimal text with an `n`. */
export function formatCapture(capture: AgentCapture): string {
  const lines = captureKinds.flatMap((kind) =>
    capture[kind].map((record) => JSON.stringify({ kind, record }, writeBigint)),
  );
  return `${[JSON.stringify(header), ...lines].join("\n")}\n`;
}

/** Whether a text begins like a capture. */
export function isCapture(text: string): boolean {
  return text.startsWith(`{"format":"${header.format}"`);
}

/**
 * Reads the lines of a capture.
 *
 * @throws SyntaxError for a text that is none, or a line that is broken; the message says which.
 */
export function parseCapture(text: string): AgentCapture {
  if (!isCapture(text)) throw new SyntaxError("this is no capture: the first line names no format");
  const lists: Record<string, unknown[]> = {};
  for (const kind of captureKinds) lists[kind] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (index === 0 || line === "") continue;
    const entry = parseLine(line, index + 1);
    const list = Object.hasOwn(lists, entry.kind) ? lists[entry.kind] : undefined;
    if (list === undefined) throw new SyntaxError(`line ${index + 1}: unknown kind ${entry.kind}`);
    list.push(entry.record);
  }
  return lists as unknown as AgentCapture;
}

function parseLine(line: string, number: number): { kind: string; record: unknown } {
  let entry: unknown;
  try {
    entry = JSON.parse(line, readBigint);
  } catch {
    throw new SyntaxError(`line ${number} is no JSON`);
  }
  if (typeof entry === "object" && entry !== null && "kind" in entry && "record" in entry) {
    return { kind: String(entry.kind), record: entry.record };
  }
  throw new SyntaxError(`line ${number} has no kind and record`);
}

/** The fields that hold nanoseconds; a text elsewhere may look the same. */
const nanosecondFields: readonly string[] = ["start", "timeUnixNano"];

function writeBigint(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}

function readBigint(key: string, value: unknown): unknown {
  const isNanoseconds = nanosecondFields.includes(key) && typeof value === "string";
  return isNanoseconds && /^-?\d{1,20}n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
}
