import { isZero } from "../identifiers/identifier.ts";
import type { Report } from "./report.ts";
import { trimWhiteSpace } from "./trace-state.ts";

/** What a traceparent header says. */
export interface Traceparent {
  /** 32 lower-case hexadecimal digits. */
  readonly traceIdHex: string;
  /** 16 lower-case hexadecimal digits. */
  readonly spanIdHex: string;
  /** Whether the caller may have recorded the trace (flag `01`). */
  readonly sampled: boolean;
  /** Whether the last 56 bits of the trace id are random (flag `02`, level 2). */
  readonly random: boolean;
}

const header = "traceparent";
const lengthOfVersion00 = 55;
const grammar = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Reads a traceparent header of any version.
 *
 * A version later than 00 is read as far as version 00 goes, provided that what follows is separated by a dash.
 * Two fields, which a server joins with a comma, are as invalid as upper-case digits.
 *
 * @returns `undefined` when the header is invalid; the trace is then started anew.
 * @see https://www.w3.org/TR/trace-context-2/#traceparent-header
 */
export function decodeTraceparent(value: string, report: Report): Traceparent | undefined {
  // Longer than any white space around version 00 and cheap to refuse; later versions may be longer.
  const text = trimWhiteSpace(value.length > 512 ? value.slice(0, 512) : value);
  const match = grammar.exec(text.slice(0, lengthOfVersion00));
  const [, version, traceIdHex, spanIdHex, flags] = match ?? [];
  if (!version || !traceIdHex || !spanIdHex || !flags || !isReadable(version, text)) {
    report(header, "malformed");
    return undefined;
  }
  if (isZero(traceIdHex) || isZero(spanIdHex)) {
    report(header, "all_zero");
    return undefined;
  }
  const bits = Number.parseInt(flags, 16);
  return { traceIdHex, spanIdHex, sampled: (bits & 1) === 1, random: (bits & 2) === 2 };
}

function isReadable(version: string, text: string): boolean {
  if (version === "ff") return false;
  if (text.length === lengthOfVersion00) return true;
  return version !== "00" && text.charAt(lengthOfVersion00) === "-";
}

/** Writes a traceparent header of version 00. */
export function encodeTraceparent(traceparent: Traceparent): string {
  const flags = (traceparent.sampled ? 1 : 0) | (traceparent.random ? 2 : 0);
  return `00-${traceparent.traceIdHex}-${traceparent.spanIdHex}-0${flags}`;
}
