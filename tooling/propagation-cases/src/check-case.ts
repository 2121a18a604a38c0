import { expect } from "vitest";
import {
  type CaseContext,
  continuesTrace,
  isContinued,
  type PropagationOutcome,
} from "./propagation-case.ts";

type Texts = Readonly<Record<string, string>>;
type Lists = Readonly<Record<string, readonly string[]>>;
type Check = (expected: never, outcome: PropagationOutcome) => void;

const spanIdHex = (decimal: string): string => BigInt(decimal).toString(16).padStart(16, "0");

const items = (text: string | undefined, separator: string): string[] =>
  text === undefined || text === "" ? [] : text.split(separator);

function membersOf(tracestate: string | undefined): Map<string, string> {
  return new Map(
    items(tracestate, ",").map((member) => {
      const separator = member.indexOf("=");
      return [member.slice(0, separator), member.slice(separator + 1)];
    }),
  );
}

const member = (outcome: PropagationOutcome, key: string): string | undefined =>
  membersOf(outcome.out["tracestate"]).get(key);

interface ExpectedContext {
  readonly trace_id_low?: string;
  readonly span_id?: string;
  readonly trace_id_128?: string;
  readonly priority?: number | null;
  readonly origin?: string | null;
  readonly origin_one_of?: readonly string[];
  readonly tags?: Texts;
  readonly tags_absent?: readonly string[];
  readonly last_parent_id?: string | null;
  readonly no_ids?: boolean;
}

function checkContext(expected: ExpectedContext | null, extracted: CaseContext | null): void {
  if (expected === null) {
    expect(extracted === null || !continuesTrace(extracted)).toBe(true);
    return;
  }
  const known = new Set([
    ...["trace_id_low", "span_id", "trace_id_128", "priority", "origin", "origin_one_of"],
    ...["tags", "tags_absent", "last_parent_id", "no_ids"],
  ]);
  expect(Object.keys(expected).filter((key) => !known.has(key))).toEqual([]);
  const { trace_id_low, span_id, trace_id_128, priority, origin } = expected;
  if (trace_id_low !== undefined) expect(extracted?.traceId).toBe(trace_id_low);
  if (span_id !== undefined) expect(extracted?.spanId).toBe(span_id);
  if (trace_id_128 !== undefined) expect(extracted?.traceIdHex).toBe(trace_id_128);
  if (priority !== undefined) expect(extracted?.samplingPriority ?? null).toBe(priority);
  if (origin !== undefined) expect(extracted?.origin ?? null).toBe(origin);
  if (expected.origin_one_of) expect(expected.origin_one_of).toContain(extracted?.origin);
  if (expected.tags) expect(extracted?.tags ?? {}).toMatchObject(expected.tags);
  for (const tag of expected.tags_absent ?? []) {
    expect(Object.keys(extracted?.tags ?? {})).not.toContain(tag);
  }
  if (expected.last_parent_id !== undefined) {
    expect(extracted?.tags?.["_dd.parent_id"] ?? null).toBe(expected.last_parent_id);
  }
  if (expected.no_ids) expect(extracted !== null && !continuesTrace(extracted)).toBe(true);
}

interface ExpectedTraceparent {
  readonly trace_id?: string;
  readonly trace_id_not?: readonly string[];
  readonly parent_id_not?: string;
  readonly flags?: string;
  readonly flags_bits_set?: number | string;
}

function checkTraceparent(expected: ExpectedTraceparent, { out }: PropagationOutcome): void {
  const [, traceId, parentId, flags = ""] = items(out["traceparent"], "-");
  const known = new Set(["trace_id", "trace_id_not", "parent_id_not", "flags", "flags_bits_set"]);
  expect(Object.keys(expected).filter((key) => !known.has(key))).toEqual([]);
  if (expected.trace_id !== undefined) expect(traceId).toBe(expected.trace_id);
  for (const other of [expected.trace_id_not ?? []].flat()) expect(traceId).not.toBe(other);
  if (expected.parent_id_not !== undefined) expect(parentId).not.toBe(expected.parent_id_not);
  if (expected.flags !== undefined) expect(flags).toBe(expected.flags);
  if (expected.flags_bits_set !== undefined) {
    const bits = Number(expected.flags_bits_set);
    expect(Number.parseInt(flags, 16) & bits).toBe(bits);
  }
}

interface ExpectedTraceState {
  readonly members?: Texts;
  readonly absent?: readonly string[];
  readonly count?: number;
  readonly first?: string;
  readonly order?: readonly string[];
  readonly member_one_of?: Lists;
}

function checkTraceState(expected: ExpectedTraceState, { out }: PropagationOutcome): void {
  const members = membersOf(out["tracestate"]);
  const keys = [...members.keys()];
  const known = new Set(["members", "absent", "count", "first", "order", "member_one_of"]);
  expect(Object.keys(expected).filter((key) => !known.has(key))).toEqual([]);
  expect(Object.fromEntries(members)).toMatchObject(expected.members ?? {});
  for (const key of expected.absent ?? []) expect(keys).not.toContain(key);
  if (expected.count !== undefined)
    expect(items(out["tracestate"], ",")).toHaveLength(expected.count);
  if (expected.first !== undefined) expect(keys[0]).toBe(expected.first);
  const { order } = expected;
  if (order) expect(keys.filter((key) => order.includes(key))).toEqual(order);
  for (const [key, values] of Object.entries(expected.member_one_of ?? {})) {
    expect(values).toContain(members.get(key));
  }
}

interface ExpectedDatadogMember {
  readonly items?: readonly string[];
  readonly items_one_of?: readonly string[];
  readonly absent_items?: readonly string[];
  readonly absent_prefix?: readonly string[];
  readonly s_in?: readonly (string | null)[];
  readonly p_is_span?: boolean;
  readonly max_bytes?: number;
}

function checkDatadogMember(expected: ExpectedDatadogMember, outcome: PropagationOutcome): void {
  const value = member(outcome, "dd");
  const present = items(value, ";");
  const known = new Set([
    ...["items", "items_one_of", "absent_items", "absent_prefix", "s_in", "p_is_span"],
    "max_bytes",
  ]);
  expect(Object.keys(expected).filter((key) => !known.has(key))).toEqual([]);
  for (const item of expected.items ?? []) expect(present).toContain(item);
  const oneOf = expected.items_one_of;
  if (oneOf) expect(oneOf.some((item) => present.includes(item))).toBe(true);
  for (const item of expected.absent_items ?? []) expect(present).not.toContain(item);
  for (const prefix of [expected.absent_prefix ?? []].flat()) {
    expect(present.filter((item) => item.startsWith(prefix))).toEqual([]);
  }
  if (expected.s_in) {
    const priority = present.find((item) => item.startsWith("s:"))?.slice(2) ?? null;
    expect(expected.s_in).toContain(priority);
  }
  if (expected.p_is_span) expect(present).toContain(`p:${spanIdHex(outcome.span.spanId)}`);
  if (expected.max_bytes !== undefined) {
    expect(value?.length).toBeLessThanOrEqual(expected.max_bytes);
  }
}

interface ExpectedLink {
  readonly trace_id_128: string;
  readonly span_id: string;
  readonly attributes: Texts;
}

const checks: Readonly<Record<string, Check>> = {
  continues: (expected: boolean | null, outcome) => {
    if (expected !== null) expect(isContinued(outcome)).toBe(expected);
  },
  context: (expected: ExpectedContext | null, { extracted }) => checkContext(expected, extracted),
  out: (expected: Texts, { out }) => expect(out).toMatchObject(expected),
  out_one_of: (expected: Lists, { out }) => {
    for (const [name, values] of Object.entries(expected)) expect(values).toContain(out[name]);
  },
  out_not: (expected: Lists, { out }) => {
    for (const [name, values] of Object.entries(expected)) expect(values).not.toContain(out[name]);
  },
  out_contains: (expected: Lists, { out }) => {
    for (const [name, texts] of Object.entries(expected)) {
      for (const text of texts) expect(out[name]).toContain(text);
    }
  },
  out_not_contains: (expected: Lists, { out }) => {
    for (const [name, texts] of Object.entries(expected)) {
      for (const text of texts) expect(out[name] ?? "").not.toContain(text);
    }
  },
  out_match: (expected: Texts, { out }) => {
    for (const [name, pattern] of Object.entries(expected)) {
      expect(out[name]).toMatch(new RegExp(pattern));
    }
  },
  out_present: (expected: readonly string[], { out }) => {
    expect(Object.keys(out)).toEqual(expect.arrayContaining([...expected]));
  },
  out_absent: (expected: readonly string[], { out }) => {
    for (const name of expected) expect(Object.keys(out)).not.toContain(name);
  },
  out_tags: (expected: readonly string[], { out }) => {
    expect(items(out["x-datadog-tags"], ",")).toEqual(expect.arrayContaining([...expected]));
  },
  out_ids_match_span: (_expected: true, { out, span }) => {
    expect(out["x-datadog-trace-id"]).toBe(span.traceId);
    expect(out["x-datadog-parent-id"]).toBe(span.spanId);
  },
  out_low64_equal: (_expected: true, { out }) => {
    const [, traceId, spanId] = items(out["traceparent"], "-");
    expect(spanIdHex(out["x-datadog-trace-id"] ?? "0")).toBe(traceId?.slice(16));
    expect(spanIdHex(out["x-datadog-parent-id"] ?? "0")).toBe(spanId);
  },
  traceparent: (expected: ExpectedTraceparent, outcome) => checkTraceparent(expected, outcome),
  tracestate: (expected: ExpectedTraceState, outcome) => checkTraceState(expected, outcome),
  dd_member: (expected: ExpectedDatadogMember, outcome) => checkDatadogMember(expected, outcome),
  ot: (expected: Texts | null, outcome) => {
    const fields = items(member(outcome, "ot"), ";").map((field) => field.split(":"));
    expect(Object.fromEntries(fields)).toEqual(expected ?? {});
  },
  baggage: (expected: Texts, { extracted }) => expect(extracted?.baggage ?? {}).toEqual(expected),
  baggage_one_of: (expected: readonly Texts[], { extracted }) => {
    expect(expected).toContainEqual(extracted?.baggage ?? {});
  },
  out_baggage_items_one_of: (expected: readonly (readonly string[])[], { out }) => {
    expect(expected).toContainEqual(items(out["baggage"], ","));
  },
  out_baggage_count: (expected: number, { out }) => {
    expect(items(out["baggage"], ",")).toHaveLength(expected);
  },
  out_baggage_max_bytes: (expected: number, { out }) => {
    expect(new TextEncoder().encode(out["baggage"]).length).toBeLessThanOrEqual(expected);
  },
  links: (expected: readonly ExpectedLink[], { extracted }) => {
    const links = (extracted?.links ?? []).map(({ context, attributes }) => ({
      trace_id_128: context.traceIdHex,
      span_id: context.spanId,
      attributes,
    }));
    expect(links).toEqual(expected);
  },
  // What other languages' tracers do in addition; nothing for us to meet.
  peers: () => undefined,
};

/** Checks everything a case expects; an expectation that is not known here fails. */
export function checkCase(
  expected: Readonly<Record<string, unknown>>,
  outcome: PropagationOutcome,
): void {
  for (const [name, value] of Object.entries(expected)) {
    const check = checks[name];
    if (check === undefined) throw new Error(`No check for the expectation ${name}`);
    check(value as never, outcome);
  }
}
