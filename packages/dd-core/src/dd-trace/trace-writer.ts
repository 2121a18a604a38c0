import type { DeliveryLinks } from "../agent-link/delivery-links.ts";
import { internalModule } from "./internal-module.ts";
import { callMethod, readPath } from "./untyped.ts";

type SendPayload = (data: unknown, count: number, done?: () => void) => void;
type Append = (spans: readonly unknown[], ...rest: readonly unknown[]) => unknown;

/**
 * Encoded traces are handed over when there are more of them (bytes): dd-trace's buffer doubles as often as it must, to
 * 16 MiB before dd-trace hands them over itself, and hardly ever gives memory back. This one stays at 2 MiB.
 */
const fullAt = 1_792 * 1024;

/** The parts of dd-trace's Agent writer that the link takes the place of. */
interface WriterMethods {
  _sendPayload: SendPayload;
  append: Append;
  readonly _encoder?: { readonly _traceBytes?: { readonly length?: number } };
}

/**
 * Takes encoded traces from dd-trace's Agent writer and gives them to the link, in the writer's own format and with
 * its own headers.
 */
export class TraceWriter {
  readonly #writer: WriterMethods & object;
  readonly #link: DeliveryLinks;
  /** Spans in dd-trace's encoder. */
  #encodedSpans = 0;
  #spans = 0;

  private constructor(writer: WriterMethods & object, link: DeliveryLinks) {
    this.#writer = writer;
    this.#link = link;
    const send = writer._sendPayload;
    const append = writer.append;
    writer._sendPayload = (data, count, done) => {
      const items = this.#encodedSpans;
      this.#encodedSpans = 0;
      if (!this.#submit(data, count, items)) Reflect.apply(send, writer, [data, count, done]);
      else done?.();
    };
    writer.append = (spans, ...rest) => {
      this.#noteLost();
      this.#encodedSpans += spans.length;
      this.#spans += spans.length;
      const appended = Reflect.apply(append, writer, [spans, ...rest]);
      if (appended === false) {
        this.#encodedSpans -= spans.length;
        link.refuse("traces", spans.length, "tracer_refused");
      }
      const bytes = writer._encoder?._traceBytes?.length;
      if (bytes !== undefined && bytes > fullAt) this.drain();
      return appended;
    };
  }

  /** @returns `undefined` where dd-trace's exporter has no writer of the known shape. */
  static attach(tracer: unknown, link: DeliveryLinks): TraceWriter | undefined {
    const writer = traceWriterOf(tracer);
    return writer === undefined ? undefined : new TraceWriter(writer, link);
  }

  /** Spans that dd-trace has formatted so far. */
  get spans(): number {
    return this.#spans;
  }

  /** Spans that dd-trace has encoded and not yet handed over. */
  get pendingSpans(): number {
    return this.#encodedSpans;
  }

  /** Moves what is encoded to the link, at once. */
  drain(): void {
    if (this.#encodedSpans > 0) callMethod(this.#writer, "flush");
    this.#noteLost();
  }

  #submit(data: unknown, count: number, items: number): boolean {
    const body = Buffer.isBuffer(data) ? data : undefined;
    const url = readPath(this.#writer, "_url");
    const version = readPath(this.#writer, "_protocolVersion");
    if (body === undefined || url === undefined || typeof version !== "string") return false;
    this.#link.submit({
      kind: "traces",
      items,
      body,
      route: {
        url: String(url),
        path: `/v${version}/traces`,
        method: "PUT",
        headers: traceHeaders(readPath(this.#writer, "_headers"), count),
        agentless: false,
      },
      onAccepted: (answer) => this.#updateRates(answer),
    });
    return true;
  }

  /** dd-trace empties its encoder where a payload grows over 50 MiB, and says so only in its own log. */
  #noteLost(): void {
    if (this.#encodedSpans === 0) return;
    if (callMethod(readPath(this.#writer, "_encoder"), "count") !== 0) return;
    this.#link.refuse("traces", this.#encodedSpans, "payload_too_large");
    this.#encodedSpans = 0;
  }

  #updateRates(answer: string): void {
    try {
      const rates = readPath(JSON.parse(answer), "rate_by_service");
      if (rates !== undefined) {
        callMethod(readPath(this.#writer, "_prioritySampler"), "update", rates);
      }
    } catch {
      // The status has said that the payload was taken; an answer that is no JSON carries no rates.
    }
  }
}

/** The writer of dd-trace's Agent exporter, where it has the parts that the link needs. */
export function traceWriterOf(tracer: unknown): (WriterMethods & object) | undefined {
  const writer = readPath(tracer, "_tracer", "_exporter", "_writer");
  if (typeof writer !== "object" || writer === null) return undefined;
  const isKnown =
    typeof readPath(writer, "_sendPayload") === "function" &&
    typeof readPath(writer, "append") === "function" &&
    typeof readPath(writer, "flush") === "function" &&
    typeof readPath(writer, "_encoder", "count") === "function" &&
    typeof readPath(writer, "_protocolVersion") === "string" &&
    readPath(writer, "_url") !== undefined;
  return isKnown ? (writer as WriterMethods & object) : undefined;
}

/** The headers of the Agent's trace intake, as dd-trace sends them. */
function traceHeaders(own: unknown, count: number): Record<string, string> {
  const headers: Record<string, string> = {
    ...(typeof own === "object" ? (own as Record<string, string>) : {}),
    "Content-Type": "application/msgpack",
    "Datadog-Meta-Tracer-Version": tracerVersion(),
    "X-Datadog-Trace-Count": String(count),
    "Datadog-Meta-Lang": "nodejs",
    "Datadog-Meta-Lang-Version": process.version,
    "Datadog-Meta-Lang-Interpreter": "v8",
  };
  addContainerHeaders(headers);
  return headers;
}

/** The version of the dd-trace that is loaded. */
export function tracerVersion(): string {
  return String(readPath(internalModule("../package.json"), "version"));
}

/** Tells the Agent which container the process runs in. */
export function addContainerHeaders(headers: Record<string, string>): void {
  callMethod(internalModule("dd-trace/src/exporters/common/docker.js"), "inject", headers);
}
