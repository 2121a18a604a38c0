import type { SpanContext } from "../context/span-context.ts";
import { randomValueOf, rejectionThreshold, valueBelow } from "../sampling/trace-id-sampling.ts";
import type { TraceStateMember } from "./trace-state.ts";

const randomValue = /^[0-9a-f]{14}$/;
const threshold = /^[0-9a-f]{1,14}$/;

/**
 * Takes malformed `rv` and `th` fields out of OpenTelemetry's member of tracestate and keeps every other field.
 *
 * @returns The member's new value, empty when nothing is left.
 * @see https://opentelemetry.io/docs/specs/otel/trace/tracestate-handling/
 */
export function sanitizeOpenTelemetryMember(value: string): string {
  return value
    .split(";")
    .filter((field) => {
      if (field.startsWith("rv:")) return randomValue.test(field.slice(3));
      if (field.startsWith("th:")) return threshold.test(field.slice(3));
      return field !== "";
    })
    .join(";");
}

/**
 * Takes the threshold out of OpenTelemetry's member, because a decision that was not probabilistic, or that
 * contradicts the one it describes, must not be counted with its probability.
 */
export function withoutThreshold(members: readonly TraceStateMember[]): TraceStateMember[] {
  return members.flatMap((member) => {
    if (member[0] !== "ot") return [member];
    const value = member[1]
      .split(";")
      .filter((field) => !field.startsWith("th:"))
      .join(";");
    return value === "" ? [] : [["ot", value] as const];
  });
}

/**
 * Writes the fields of a probability decision taken in this process.
 *
 * @returns `undefined` when no such decision was taken, or when the member received already describes one.
 */
export function encodeOpenTelemetryMember(
  context: SpanContext,
  received: string | undefined,
): string | undefined {
  const { samplingRate, samplingPriority } = context;
  if (samplingRate === undefined || samplingPriority === undefined) return received;
  if (received !== undefined && /(?:^|;)(?:rv|th):/.test(received)) return received;
  const rejected = rejectionThreshold(samplingRate);
  const random = randomValueOf(context.traceIdHex);
  // The fields must tell the decision that was taken, also where rounding puts them on the other side.
  let value = random;
  if (samplingPriority > 0 && random < rejected) value = rejected;
  else if (samplingPriority <= 0 && random >= rejected) value = valueBelow(rejected);
  const fields = `rv:${value};th:${withoutTrailingZeros(rejected)}`;
  return received === undefined ? fields : `${fields};${received}`;
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 1 && digits.charCodeAt(end - 1) === 48) end -= 1;
  return digits.slice(0, end);
}
