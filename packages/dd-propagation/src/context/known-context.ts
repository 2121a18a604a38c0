import type { HeaderField } from "../codecs/header-names.ts";
import type { TraceStateMember } from "../codecs/trace-state.ts";
import { decimalOfWords, wordOfHex } from "../identifiers/identifier.ts";
import type { SpanContext, SpanContextLink } from "./span-context.ts";
import type { ValidContext } from "./valid-context.ts";

/** A context whose ids are in hexadecimal; see {@link contextFromHex}. */
export interface HexContext extends Omit<SpanContext, "traceId" | "traceIdHex" | "spanId"> {
  /** The whole trace id as 32 hexadecimal digits of either case. */
  readonly traceIdHex: string;
  /** The span the next one is a child of, as 16 hexadecimal digits of either case. */
  readonly spanIdHex: string;
}

/**
 * Makes a context of ids in hexadecimal, as OpenTelemetry and most tracers hold them.
 *
 * It is frozen, and written to carriers in less time than an object of the caller's own, since its ids are known to be
 * valid. A sampling priority that is no integer is left out.
 *
 * @returns `undefined` when an id is malformed, or the trace id is zero.
 * @example
 * ```ts
 * const context = contextFromHex({
 *   traceIdHex: "640cfd8d00000000abcdefab12345678",
 *   spanIdHex: "000000003ade68b1",
 *   samplingPriority: 1,
 * });
 * context?.spanId; // "987654321"
 * ```
 */
export function contextFromHex(given: HexContext): SpanContext | undefined {
  const { traceIdHex, spanIdHex } = given;
  if (typeof traceIdHex !== "string" || traceIdHex.length !== 32) return undefined;
  if (typeof spanIdHex !== "string" || spanIdHex.length !== 16) return undefined;
  const upper = wordOfHex(traceIdHex, 0) + wordOfHex(traceIdHex, 8);
  const [high, low] = [wordOfHex(traceIdHex, 16), wordOfHex(traceIdHex, 24)];
  const [spanHigh, spanLow] = [wordOfHex(spanIdHex, 0), wordOfHex(spanIdHex, 8)];
  // One that is malformed makes the sum no number.
  if (!(upper + high + low > 0) || Number.isNaN(spanHigh + spanLow)) return undefined;
  const traceId = decimalOfWords(high, low);
  // The first span of a trace has the lower half of the trace's id.
  const isFirst = spanHigh === high && spanLow === low;
  return new KnownContext(given, traceId, isFirst ? traceId : decimalOfWords(spanHigh, spanLow));
}

/** Headers, and who has written them. */
interface Written {
  readonly by: object;
  readonly headers: readonly HeaderField[];
}

/** A context whose ids are known to be valid, and which can no longer change. */
export class KnownContext implements SpanContext {
  readonly traceId: string;
  readonly traceIdHex: string;
  readonly spanId: string;
  // Absent where they are undefined, as in any other context.
  declare readonly parentId?: string;
  declare readonly samplingPriority?: number;
  declare readonly samplingRate?: number;
  declare readonly origin?: string;
  declare readonly tags?: Readonly<Record<string, string>>;
  declare readonly baggage?: Readonly<Record<string, string>>;
  declare readonly links?: readonly SpanContextLink[];
  declare readonly traceState?: readonly TraceStateMember[];
  declare readonly randomTraceId?: boolean;
  declare readonly isRemote?: boolean;
  readonly #spanIdHex: string;
  /** Here, since an entry of a weak map takes 70 to 90 ns to be made, for each context. */
  #written: Written | undefined;

  constructor(given: HexContext, traceId: string, spanId: string) {
    const { samplingPriority } = given;
    this.traceId = traceId;
    this.traceIdHex = given.traceIdHex.toLowerCase();
    this.spanId = spanId;
    if (given.parentId !== undefined) this.parentId = given.parentId;
    if (samplingPriority !== undefined && Number.isInteger(samplingPriority)) {
      this.samplingPriority = samplingPriority;
    }
    if (given.samplingRate !== undefined) this.samplingRate = given.samplingRate;
    if (given.origin !== undefined) this.origin = given.origin;
    if (given.tags !== undefined) this.tags = frozen(given.tags);
    if (given.baggage !== undefined) this.baggage = frozen(given.baggage);
    if (given.links !== undefined) this.links = frozenList(given.links);
    if (given.traceState !== undefined) this.traceState = frozenList(given.traceState);
    if (given.randomTraceId !== undefined) this.randomTraceId = given.randomTraceId;
    if (given.isRemote !== undefined) this.isRemote = given.isRemote;
    this.#spanIdHex = given.spanIdHex.toLowerCase();
    Object.freeze(this);
  }

  static is(context: SpanContext): context is KnownContext {
    return #spanIdHex in context;
  }

  /** The context as the codecs want it. */
  valid(): ValidContext {
    return { context: this, spanIdHex: this.#spanIdHex };
  }

  /** The headers that `by` has written for it before. */
  headersOf(by: object): readonly HeaderField[] | undefined {
    return this.#written?.by === by ? this.#written.headers : undefined;
  }

  /** Remembers the headers that were written last. */
  remember(by: object, headers: readonly HeaderField[]): void {
    this.#written = { by, headers };
  }
}

function frozen<T extends object>(record: T): T {
  return Object.isFrozen(record) ? record : Object.freeze({ ...record });
}

function frozenList<T>(list: readonly T[]): readonly T[] {
  return Object.isFrozen(list) ? list : Object.freeze([...list]);
}
