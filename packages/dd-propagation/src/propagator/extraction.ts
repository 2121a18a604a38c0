import { parseTextMap } from "../carriers/message-attribute.ts";
import { RecordCarrier } from "../carriers/record-carrier.ts";
import { decodeB3Multi, decodeB3Single } from "../codecs/b3-codec.ts";
import { decodeBaggage } from "../codecs/baggage-codec.ts";
import { decodeDatadog } from "../codecs/datadog-codec.ts";
import { lastParentIdTag } from "../codecs/datadog-member.ts";
import { baggageHeader, type ReadHeader, sqsdHeader } from "../codecs/header-names.ts";
import { maximumSqsdLength } from "../codecs/limits.ts";
import { withoutThreshold } from "../codecs/opentelemetry-member.ts";
import { decisionMakerTag } from "../codecs/propagated-tags.ts";
import type { Report } from "../codecs/report.ts";
import { decodeTraceContext } from "../codecs/tracecontext-codec.ts";
import {
  draftWithoutTrace,
  hasTraceId,
  type SpanContext,
  type SpanContextDraft,
  type SpanContextLink,
  sealContext,
} from "../context/span-context.ts";
import { decimalToHex } from "../identifiers/identifier.ts";
import type { PropagationStyle } from "./propagation-style.ts";
import type { ResolvedOptions } from "./propagator-options.ts";

/** What one format made of the headers. */
interface Extracted {
  readonly style: PropagationStyle;
  readonly draft: SpanContextDraft;
}

/** Reads a context from headers with the styles, precedence and behavior of the options. */
export function extractContext(
  read: ReadHeader,
  options: ResolvedOptions,
  report: Report,
): SpanContext | null {
  if (options.behavior === "ignore") return null;
  const found = extractAll(read, options, report);
  const winner = found[0];
  if (winner === undefined) {
    const nested = extractSqsd(read, options, report);
    if (nested !== null) return nested;
  } else {
    resolveConflicts(winner, found.slice(1));
  }
  const baggage = options.extract.includes("baggage") ? read(baggageHeader) : undefined;
  const items = baggage && decodeBaggage(baggage, options.baggageLimits, report);
  let draft = winner?.draft;
  if (winner !== undefined && options.behavior === "restart") draft = restart(winner);
  if (items) {
    draft ??= draftWithoutTrace();
    draft.baggage = items;
    addBaggageTags(draft, items, options.baggageTagKeys);
  }
  return draft === undefined ? null : sealContext(draft);
}

function extractAll(read: ReadHeader, options: ResolvedOptions, report: Report): Extracted[] {
  const found: Extracted[] = [];
  for (const style of options.extract) {
    const draft = decodeStyle(style, read, options, report);
    if (draft === undefined) continue;
    found.push({ style, draft });
    if (options.extractFirst) break;
  }
  return found;
}

function decodeStyle(
  style: PropagationStyle,
  read: ReadHeader,
  options: ResolvedOptions,
  report: Report,
): SpanContextDraft | undefined {
  switch (style) {
    case "datadog":
      return decodeDatadog(read, options.maximumTagsLength, report);
    case "tracecontext":
      return decodeTraceContext(read, report);
    case "b3":
      return decodeB3Single(read, report);
    case "b3multi":
      return decodeB3Multi(read, report);
    default:
      return undefined;
  }
}

/** Takes over what Trace Context knows about the same trace, and links every other trace. */
function resolveConflicts(winner: Extracted, others: readonly Extracted[]): void {
  const links: SpanContextLink[] = [];
  const datadog = [winner, ...others].find(({ style }) => style === "datadog")?.draft;
  for (const { style, draft } of others) {
    if (!hasTraceId(draft)) continue;
    if (draft.traceIdHex !== winner.draft.traceIdHex) {
      const attributes = { reason: "terminated_context", context_headers: style };
      links.push({ context: sealContext(draft), attributes });
    } else if (style === "tracecontext") {
      mergeTraceContext(winner.draft, draft, datadog);
    }
  }
  if (links.length > 0) winner.draft.links = links;
}

/**
 * Adds to a context of another format what traceparent and tracestate of the same trace say: the state of other
 * vendors, a decision if there was none, and the direct parent, which is another tracer's span when it differs.
 */
function mergeTraceContext(
  selected: SpanContextDraft,
  traceContext: SpanContextDraft,
  datadog: SpanContextDraft | undefined,
): void {
  if (traceContext.traceState !== undefined) selected.traceState = traceContext.traceState;
  if (traceContext.randomTraceId) selected.randomTraceId = true;
  selected.tags ??= {};
  const { tags } = selected;
  if (selected.samplingPriority === undefined) {
    selected.samplingPriority = traceContext.samplingPriority ?? 0;
    const maker = traceContext.tags?.[decisionMakerTag];
    // A decision and its maker belong together.
    if (maker === undefined) delete tags[decisionMakerTag];
    else tags[decisionMakerTag] = maker;
  } else if (describesOtherDecision(selected, traceContext)) {
    // The probability in the tracestate belongs to a decision that does not hold.
    selected.traceState = withoutThreshold(selected.traceState ?? []);
  }
  if (selected.spanId !== traceContext.spanId) {
    const lastParentId =
      traceContext.tags?.[lastParentIdTag] ?? (datadog && decimalToHex(datadog.spanId));
    if (lastParentId !== undefined) tags[lastParentIdTag] = lastParentId;
    selected.spanId = traceContext.spanId;
    delete selected.parentId;
  }
}

function describesOtherDecision(selected: SpanContextDraft, other: SpanContextDraft): boolean {
  return (selected.samplingPriority ?? 0) > 0 !== (other.samplingPriority ?? 0) > 0;
}

/** Leaves of a context only the link to it. */
function restart(winner: Extracted): SpanContextDraft {
  const { links: _, ...context } = winner.draft;
  const attributes = { reason: "propagation_behavior_extract", context_headers: winner.style };
  return { ...draftWithoutTrace(), links: [{ context: sealContext(context), attributes }] };
}

function addBaggageTags(
  draft: SpanContextDraft,
  items: Readonly<Record<string, string>>,
  tagKeys: ReadonlySet<string>,
): void {
  const isEveryKey = tagKeys.has("*");
  for (const key of Object.keys(items)) {
    const value = items[key];
    if (value === undefined || !(isEveryKey || tagKeys.has(key))) continue;
    draft.tags ??= {};
    draft.tags[`baggage.${key}`] = value;
  }
}

/** Elastic Beanstalk's worker daemon hands over the headers of an SQS message as JSON in one header. */
function extractSqsd(
  read: ReadHeader,
  options: ResolvedOptions,
  report: Report,
): SpanContext | null {
  const text = read(sqsdHeader);
  if (!text || !options.extract.includes("datadog")) return null;
  if (text.length > maximumSqsdLength) {
    report(sqsdHeader, "too_long");
    return null;
  }
  const headers = parseTextMap(text);
  // What is nested once more is not looked at.
  delete headers[sqsdHeader];
  const carrier = new RecordCarrier(headers);
  const context = extractContext((name) => carrier.get(name), options, report);
  if (context === null) report(sqsdHeader, "malformed");
  return context;
}
