/** The parts of a span context that cases look at. */
export interface CaseContext {
  readonly traceId: string;
  readonly traceIdHex: string;
  readonly spanId: string;
  readonly samplingPriority?: number;
  readonly origin?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly baggage?: Readonly<Record<string, string>>;
  readonly links?: readonly {
    readonly context: CaseContext;
    readonly attributes?: Readonly<Record<string, string>>;
  }[];
}

/** One case of the vector file; its vocabulary is described in the file itself. */
export interface PropagationCase {
  readonly id: string;
  readonly op: "extract+inject" | "set_baggage+inject";
  readonly styles: { readonly extract: readonly string[]; readonly inject: readonly string[] };
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly env?: Readonly<Record<string, string>>;
  readonly set_baggage?: Readonly<Record<string, string>>;
  readonly carrier_extra?: Readonly<Record<string, unknown>>;
  readonly expect: Readonly<Record<string, unknown>>;
}

/** What a case led to. */
export interface PropagationOutcome {
  readonly extracted: CaseContext | null;
  readonly span: CaseContext;
  readonly out: Readonly<Record<string, string>>;
}

const throwingText = {
  toString(): string {
    throw new Error("must not be called");
  },
};

/** The carrier that a case reads from: repeated names are repeated fields. */
export function carrierOf({
  headers,
  carrier_extra: extra,
}: PropagationCase): Record<string, unknown> {
  const carrier: Record<string, unknown> = {};
  for (const [name, value] of headers) {
    const present = carrier[name];
    if (present === undefined) carrier[name] = value;
    else carrier[name] = [present, value].flat();
  }
  for (const [name, value] of Object.entries(extra ?? {})) {
    carrier[name] = value === "__NON_STRINGS__" ? [Symbol("x"), 42, throwingText] : value;
  }
  return carrier;
}

/** Whether a context continues a trace, or brings only a decision, baggage or links to a new one. */
export function continuesTrace(context: CaseContext): boolean {
  return !/^0*$/.test(context.traceIdHex);
}

/** Whether the new span goes on with the trace that arrived. */
export function isContinued({ extracted, span }: PropagationOutcome): boolean {
  return (
    extracted !== null && continuesTrace(extracted) && span.traceIdHex === extracted.traceIdHex
  );
}
