import type { SuppressedTag } from "@llmdevops/dd-metrics/backend";
import { nearestText } from "../assertions/nearest-text.ts";
import type { MockMetric } from "./mock-metric.ts";
import type { MockSpan } from "./mock-span.ts";
import {
  openSpanTags,
  spanTagConventions,
  type TagKind,
  unboundedMetricTags,
} from "./tag-conventions.ts";

/** A tag that does not keep to the published conventions. */
export interface TagViolation {
  /** The span or metric that carries it. */
  readonly subject: string;
  /** Key of the tag. */
  readonly tag: string;
  /** One sentence that says what is wrong. */
  readonly reason: string;
}

/** What a span's tags do against the conventions. */
export function spanTagViolations({ name, tags }: MockSpan): TagViolation[] {
  return Object.entries(tags).flatMap(([tag, value]) => {
    const reason = reasonAgainst(tag, value);
    return reason === undefined ? [] : [{ subject: `span ${name}`, tag, reason }];
  });
}

const seriesReasons: Readonly<Record<SuppressedTag["reason"], string>> = {
  blocked: "has a value of its own for every request or user, so it is left out",
  identifier: "has identifiers as values, so they become `other`",
  too_many_values: "has too many different values, so further ones become `other`",
  too_many_series: "makes too many series",
};

/** What is wrong with a tag that the client has left out or replaced. */
export function suppressedTagViolation({ metric, key, reason }: SuppressedTag): TagViolation {
  return { subject: `metric ${metric}`, tag: key, reason: seriesReasons[reason] };
}

/** What a metric's tags do against the conventions. */
export function metricTagViolations({ name, tags }: MockMetric): TagViolation[] {
  return Object.keys(tags)
    .filter((tag) => unboundedMetricTags.includes(tag.toLowerCase()))
    .map((tag) => ({
      subject: `metric ${name}`,
      tag,
      reason: "has a value of its own for every request or user, so each makes a new time series",
    }));
}

function reasonAgainst(tag: string, value: unknown): string | undefined {
  if (tag.startsWith("gen_ai.")) {
    return "makes a second LLM span of the APM span in Datadog; use the llm.* names";
  }
  if (!/^(?:llm|agent|tool)\./.test(tag)) return undefined;
  if (openSpanTags.some((prefix) => tag.startsWith(prefix))) return undefined;
  const kind = Object.hasOwn(spanTagConventions, tag) ? spanTagConventions[tag] : undefined;
  if (kind === undefined) {
    const nearest = nearestText(tag, Object.keys(spanTagConventions));
    return `is no published name${nearest === undefined ? "" : `; ${nearest} is`}`;
  }
  return holds(kind, value) ? undefined : `must be ${describe(kind)}, is ${JSON.stringify(value)}`;
}

function holds(kind: TagKind, value: unknown): boolean {
  if (kind === "text") return typeof value === "string" && value !== "";
  if (kind === "flag") return typeof value === "boolean";
  if (kind === "number") return typeof value === "number" && value >= 0;
  if (kind === "count") return Number.isSafeInteger(value) && Number(value) >= 0;
  return typeof value === "string" && kind.includes(value);
}

function describe(kind: TagKind): string {
  if (kind === "text") return "text";
  if (kind === "flag") return "true or false";
  if (kind === "number") return "a number from 0";
  if (kind === "count") return "a whole number from 0";
  return `one of ${kind.join(", ")}`;
}
