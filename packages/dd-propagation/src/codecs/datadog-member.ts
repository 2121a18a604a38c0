import type { SpanContext, SpanContextDraft } from "../context/span-context.ts";
import type { ValidContext } from "../context/valid-context.ts";
import { upperOfTraceIdHex } from "../identifiers/identifier.ts";
import { maximumTraceStateValueLength } from "./limits.ts";
import { decisionMakerTag, propagationErrorTag, upperTraceIdTag } from "./propagated-tags.ts";
import type { Report } from "./report.ts";
import { traceStateValue } from "./trace-state.ts";

/** The tag that carries the id of the last Datadog span when another tracer's span lies in between. */
export const lastParentIdTag = "_dd.parent_id";

const header = "tracestate";
const decisionMaker = /^-?([0-9]{1,3})$/;
const unknownItem = /(?:^|;)(?![sop]:|t\.)/;
const plainItemKey = /^[\x21-\x2b\x2d-\x39\x3c\x3e-\x7d]*$/;
const plainItemValue = /^[\x20-\x2b\x2d-\x3a\x3c\x3e-\x7d]*$/;
const samplingPriority = /^-?[0-9]{1,3}$/;

/**
 * Reads Datadog's member of tracestate into a context that traceparent has already given its ids and flags.
 *
 * The `sampled` flag of traceparent decides between keeping and dropping, `s` only refines it. Where they
 * contradict each other another tracer has changed the decision, so the decision maker is reset.
 */
export function decodeDatadogMember(value: string, draft: SpanContextDraft, report: Report): void {
  draft.tags ??= {};
  const { tags } = draft;
  let changed = false;
  for (const item of value.split(";")) {
    const separator = item.indexOf(":");
    const key = item.slice(0, separator);
    const text = item.slice(separator + 1);
    if (separator === -1 || text === "") continue;
    if (key === "s") changed = refineSamplingPriority(text, draft, report);
    else if (key === "o") draft.origin = text.replaceAll("~", "=");
    else if (key === "p") tags[lastParentIdTag] = text;
    else if (key === "t.dm") decodeDecisionMaker(text, tags, report);
    else if (key === "t.tid") compareUpperTraceId(text, draft, tags, report);
    else if (key.startsWith("t.")) tags[`_dd.p.${key.slice(2)}`] = text.replaceAll("~", "=");
  }
  if (changed) resetDecisionMaker(tags, draft.samplingPriority);
}

/** Returns whether the member contradicts the flag. */
function refineSamplingPriority(text: string, draft: SpanContextDraft, report: Report): boolean {
  if (!samplingPriority.test(text)) {
    report(header, "malformed");
    return false;
  }
  const priority = Number(text);
  if (priority > 0 !== (draft.samplingPriority ?? 0) > 0) return true;
  draft.samplingPriority = priority;
  return false;
}

function decodeDecisionMaker(text: string, tags: Record<string, string>, report: Report): void {
  const mechanism = decisionMaker.exec(text)?.[1];
  if (mechanism === undefined) report(header, "malformed");
  else tags[decisionMakerTag] = `-${mechanism}`;
}

/** Gives a decision that was changed without a known mechanism the maker "default", or none when it drops. */
export function resetDecisionMaker(
  tags: Record<string, string>,
  priority: number | undefined,
): void {
  if (priority !== undefined && priority > 0) tags[decisionMakerTag] = "-0";
  else delete tags[decisionMakerTag];
}

/** The upper half in traceparent always wins over the one in the member. */
function compareUpperTraceId(
  text: string,
  draft: SpanContextDraft,
  tags: Record<string, string>,
  report: Report,
): void {
  if (text.toLowerCase() === draft.traceIdHex.slice(0, 16)) return;
  report(header, "conflict");
  tags[propagationErrorTag] = `inconsistent_tid ${text}`;
}

/**
 * Writes Datadog's member of tracestate, at most 256 characters long.
 *
 * The sampling priority, the last parent id, the decision maker and the origin come first; of the other tags
 * those are left out that no longer fit.
 */
export function encodeDatadogMember({ context, spanIdHex }: ValidContext, report: Report): string {
  const { samplingPriority, origin, tags, traceState } = context;
  let member = "";
  const add = (key: string, value: string): void => {
    const length = member.length + key.length + value.length + (member === "" ? 1 : 2);
    if (length > maximumTraceStateValueLength) report(header, "too_long");
    else member += member === "" ? `${key}:${value}` : `;${key}:${value}`;
  };
  if (samplingPriority !== undefined) add("s", String(samplingPriority));
  const parentId = context.isRemote ? inheritedParentId(context) : spanIdHex;
  if (parentId !== undefined) add("p", parentId);
  const maker = tags?.[decisionMakerTag];
  if (typeof maker === "string" && maker !== "") add("t.dm", toItemValue(maker));
  if (typeof origin === "string" && origin !== "") add("o", toItemValue(origin));
  const upper = upperOfTraceIdHex(context.traceIdHex);
  if (upper !== undefined) add("t.tid", upper);
  for (const key in tags) {
    const value = tags[key];
    if (
      typeof value !== "string" ||
      value === "" ||
      !key.startsWith("_dd.p.") ||
      !Object.hasOwn(tags, key)
    )
      continue;
    if (key === decisionMakerTag || key === upperTraceIdTag) continue;
    add(`t.${toItemKey(key.slice(6))}`, toItemValue(value));
  }
  const received = traceStateValue(traceState, "dd");
  if (received !== undefined) addUnknownItems(received, add);
  // A list member may not end with a space.
  return member.endsWith(" ") ? member.trimEnd() : member;
}

function inheritedParentId(context: SpanContext): string | undefined {
  const inherited = context.tags?.[lastParentIdTag];
  return typeof inherited !== "string" ? undefined : toItemValue(inherited);
}

/** Passes on the items that only a later version of Datadog's tracers understands. */
function addUnknownItems(received: string, add: (key: string, value: string) => void): void {
  if (!unknownItem.test(received)) return;
  for (const item of received.split(";")) {
    const separator = item.indexOf(":");
    const key = item.slice(0, separator);
    const isKnown = key === "s" || key === "o" || key === "p" || key.startsWith("t.");
    if (separator > 0 && !isKnown) add(key, item.slice(separator + 1));
  }
}

/** `,` `;` `~` and everything outside printable ASCII become `_`, and `=` becomes `~`. */
function toItemValue(value: string): string {
  if (plainItemValue.test(value)) return value;
  return value.replaceAll(/[^\x20-\x2b\x2d-\x3a\x3c-\x7d]/g, "_").replaceAll("=", "~");
}

/** As the value, and the separators `:` and `=` and the space become `_` too. */
function toItemKey(key: string): string {
  if (plainItemKey.test(key)) return key;
  return key.replaceAll(/[^\x21-\x2b\x2d-\x39\x3c\x3e-\x7d]/g, "_");
}
