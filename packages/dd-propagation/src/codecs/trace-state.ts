import {
  maximumTraceStateLength,
  maximumTraceStateMembers,
  maximumTraceStateValueLength,
} from "./limits.ts";
import type { Report } from "./report.ts";

/** One member of a tracestate list: its key and its value. */
export type TraceStateMember = readonly [key: string, value: string];

const header = "tracestate";
// Trace Context level 2, sections 3.3.1.3.1 and 3.3.1.3.2.
const keyGrammar = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
const valueGrammar = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]*[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * Reads a tracestate header; several fields are joined with a comma first.
 *
 * A list with an invalid or a 33rd member is discarded as a whole, as the specification demands; of members
 * with the same key the first, which is the most recent, is kept.
 *
 * @returns The members in the order received; empty when the header is absent or invalid.
 * @see https://www.w3.org/TR/trace-context-2/#tracestate-header
 */
export function decodeTraceState(value: string, report: Report): TraceStateMember[] {
  if (value.length > maximumTraceStateLength) return discard(report, "too_long");
  const members: TraceStateMember[] = [];
  let count = 0;
  for (const field of value.split(",")) {
    const member = decodeMember(field);
    if (member === undefined) continue;
    if (member === null) return discard(report, "malformed");
    count += 1;
    if (count > maximumTraceStateMembers) return discard(report, "too_many");
    if (!members.some(([key]) => key === member[0])) members.push(member);
  }
  return members;
}

/** Reads one list member: `undefined` when it is empty, which is allowed, and `null` when it is invalid. */
function decodeMember(field: string): TraceStateMember | null | undefined {
  const start = skipWhiteSpace(field);
  if (start === field.length) return undefined;
  const separator = field.indexOf("=", start);
  if (separator === -1) return null;
  const key = field.slice(start, separator);
  // A space in front of the value belongs to the value; white space after it does not.
  const value = trimEnd(field.slice(separator + 1));
  if (value.length > maximumTraceStateValueLength) return null;
  return keyGrammar.test(key) && valueGrammar.test(value) ? [key, value] : null;
}

function discard(report: Report, reason: "malformed" | "too_long" | "too_many"): [] {
  report(header, reason);
  return [];
}

/** Writes a tracestate header of at most 32 members; those that exceed it at the end, the oldest, are left out. */
export function encodeTraceState(members: readonly TraceStateMember[]): string {
  let value = "";
  const count = Math.min(members.length, maximumTraceStateMembers);
  for (let index = 0; index < count; index += 1) {
    const member = members[index];
    if (member === undefined) continue;
    value += value === "" ? `${member[0]}=${member[1]}` : `,${member[0]}=${member[1]}`;
  }
  return value;
}

/** Tells whether a member given by a caller may be written. */
export function isTraceStateMember([key, value]: TraceStateMember): boolean {
  return (
    value.length <= maximumTraceStateValueLength && keyGrammar.test(key) && valueGrammar.test(value)
  );
}

/** The value of one member, or `undefined`. */
export function traceStateValue(
  members: readonly TraceStateMember[] | undefined,
  wanted: string,
): string | undefined {
  return members?.find(([key]) => key === wanted)?.[1];
}

function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function skipWhiteSpace(text: string): number {
  let start = 0;
  while (start < text.length && isWhiteSpace(text.charCodeAt(start))) start += 1;
  return start;
}

/** Takes spaces and tabs, the optional white space of HTTP, off the end. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isWhiteSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** Takes spaces and tabs, the optional white space of HTTP, off both ends. */
export function trimWhiteSpace(text: string): string {
  return trimEnd(text).slice(skipWhiteSpace(text));
}
