import { channel } from "node:diagnostics_channel";
import { hexToDecimal, type SpanContext } from "@llmdevops/dd-propagation";
import type { Tracer } from "dd-trace";
import type { BackendContext } from "./tracer-backend.ts";
import { readPath } from "./untyped.ts";

type Identifier = new (text: string, radix: number) => object;
type Context = new (fields: Readonly<Record<string, unknown>>) => BackendContext & object;

const traceIdDigits = /^[0-9a-f]{32}$/;
const spanIdDigits = /^[1-9][0-9]{0,19}$/;
const largestSpanId = "18446744073709551615";
const noUpperHalf = "0".repeat(16);
const originText = /^[\x21-\x7e]{1,256}$/;
const tagName = /^_dd\.p\.[\x21-\x2b\x2d-\x3c\x3e-\x7e]+$/;
const tagValue = /^[\x21-\x2b\x2d-\x7e]{1,512}$/;
const decisionMaker = /^-[0-9]$/;
const maximumTags = 16;
/** Whoever listens there expects to hear of every context that is read. */
const extractions = channel("dd-trace:span:extract");

const sample = {
  "x-datadog-trace-id": "1311768467294899695",
  "x-datadog-parent-id": "8526495107234050544",
  "x-datadog-sampling-priority": "2",
  "x-datadog-origin": "rum",
  "x-datadog-tags": "_dd.p.tid=640cfd8d00000000,_dd.p.dm=-4",
};
const sampleContext: SpanContext = {
  traceId: "1311768467294899695",
  traceIdHex: "640cfd8d000000001234567890abcdef",
  spanId: "8526495107234050544",
  samplingPriority: 2,
  origin: "rum",
  tags: { "_dd.p.dm": "-4" },
};

/**
 * Makes dd-trace's context for one that has been read already: to have dd-trace read it once more from headers takes
 * longer than all the rest of starting a span.
 *
 * The classes are those of a context that dd-trace has read itself, and what they make is compared with that one first.
 */
export class RemoteContexts {
  readonly #context: Context;
  readonly #identifier: Identifier;
  /** A host's own dd-trace may be told to pass the `tracestate` on. */
  readonly #keepsTraceState: boolean;

  private constructor(context: Context, identifier: Identifier, keepsTraceState: boolean) {
    this.#context = context;
    this.#identifier = identifier;
    this.#keepsTraceState = keepsTraceState;
  }

  /** @returns `undefined` where this dd-trace makes contexts of another shape. */
  static of(tracer: Tracer, keepsTraceState: boolean): RemoteContexts | undefined {
    try {
      const model: unknown = tracer.extract("http_headers", sample);
      const context = readPath(model, "constructor") as Context;
      const identifier = readPath(model, "_traceId", "constructor") as Identifier;
      const contexts = new RemoteContexts(context, identifier, keepsTraceState);
      const made = contexts.make(sampleContext);
      const isKnown = made?.toTraceId(true) === sampleContext.traceIdHex && isAlike(made, model);
      return isKnown ? contexts : undefined;
    } catch {
      return undefined;
    }
  }

  /** @returns `undefined` for a context that is not quite as a codec writes it, or that has more to it. */
  make(given: SpanContext): (BackendContext & object) | undefined {
    const { traceIdHex, traceId, spanId, samplingPriority: priority, origin, traceState } = given;
    if (this.#keepsTraceState && traceState !== undefined) return undefined;
    if (extractions.hasSubscribers) return undefined;
    if (!traceIdDigits.test(traceIdHex) || !spanIdDigits.test(spanId)) return undefined;
    if (spanId.length === largestSpanId.length && spanId > largestSpanId) return undefined;
    if (traceId === "0" || hexToDecimal(traceIdHex.slice(16)) !== traceId) return undefined;
    if (priority !== undefined && !Number.isInteger(priority)) return undefined;
    if (origin !== undefined && !originText.test(origin)) return undefined;
    const tags = propagatedTags(given);
    if (tags === undefined) return undefined;
    const maker = tags["_dd.p.dm"];
    if (maker !== undefined && !decisionMaker.test(maker)) return undefined;
    return new this.#context({
      traceId: new this.#identifier(traceId, 10),
      spanId: new this.#identifier(spanId, 10),
      isRemote: true,
      sampling: {
        ...(priority === undefined ? {} : { priority }),
        ...(maker === undefined ? {} : { mechanism: maker.charCodeAt(1) - 48 }),
      },
      trace: { started: [], finished: [], tags, ...(origin === undefined ? {} : { origin }) },
    });
  }
}

/** The tags that dd-trace passes on; `undefined` where a codec would have something to refuse. */
function propagatedTags({ traceIdHex, tags }: SpanContext): Record<string, string> | undefined {
  const propagated: Record<string, string> = {};
  const upper = traceIdHex.slice(0, 16);
  if (upper !== noUpperHalf) propagated["_dd.p.tid"] = upper;
  let count = 0;
  for (const key in tags) {
    if (!key.startsWith("_dd.p.") || key === "_dd.p.tid") continue;
    const value = tags[key];
    count += 1;
    if (count > maximumTags || value === undefined) return undefined;
    if (!tagName.test(key) || !tagValue.test(value)) return undefined;
    propagated[key] = value;
  }
  return propagated;
}

/** Whether dd-trace would go on with either in the same way. */
function isAlike(own: unknown, model: unknown): boolean {
  const shown = (context: unknown) => {
    const fields = Object.entries(context as object);
    const ids = context as BackendContext;
    return JSON.stringify(
      [fields, ids.toTraceId(true), ids.toTraceId(), ids.toSpanId()],
      (_, value) =>
        typeof value === "object" && value !== null && !Array.isArray(value)
          ? Object.fromEntries(
              Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)),
            )
          : value,
    );
  };
  return shown(own) === shown(model);
}
