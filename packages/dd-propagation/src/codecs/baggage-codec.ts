import { baggageHeader } from "./header-names.ts";
import type { Report } from "./report.ts";
import { trimWhiteSpace } from "./trace-state.ts";

/** How much baggage is read and written. */
export interface BaggageLimits {
  /** Items per header. */
  readonly maximumItems: number;
  /** UTF-8 bytes of the header, each item counted with its comma. */
  readonly maximumBytes: number;
}

// RFC 7230, section 3.2.6: token.
const keyGrammar = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What percent-encoding leaves as it is. */
const unreserved = /^[\w.!~*'()-]*$/;
const loneSurrogate = /\p{Surrogate}/gu;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Reads a W3C baggage header.
 *
 * One malformed member drops the whole header, since nothing says which part of it can be trusted; members
 * beyond a limit are dropped and those before it kept. Properties (`;name=value`) are not kept.
 *
 * @returns The items in the order received, or `undefined` when there are none.
 * @see https://www.w3.org/TR/baggage/#header-content
 */
export function decodeBaggage(
  header: string,
  limits: BaggageLimits,
  report: Report,
): Record<string, string> | undefined {
  // One character more than allowed is enough to notice that the rest does not fit.
  const value = header.slice(0, limits.maximumBytes + 1);
  const items: Record<string, string> = {};
  let count = 0;
  let bytes = 0;
  for (let start = 0; start <= value.length; ) {
    const comma = value.indexOf(",", start);
    const end = comma === -1 ? value.length : comma;
    bytes += end - start + 1;
    if (bytes > limits.maximumBytes) {
      report(baggageHeader, "too_long");
      break;
    }
    const member = trimWhiteSpace(value.slice(start, end));
    start = end + 1;
    if (member === "") continue;
    if (count === limits.maximumItems) {
      report(baggageHeader, "too_many");
      break;
    }
    const item = decodeItem(member);
    if (item === undefined) {
      report(baggageHeader, "malformed");
      return undefined;
    }
    setItem(items, item[0], item[1]);
    count += 1;
  }
  return count === 0 ? undefined : items;
}

function decodeItem(member: string): [key: string, value: string] | undefined {
  const semicolon = member.indexOf(";");
  const pair = semicolon === -1 ? member : member.slice(0, semicolon);
  const separator = pair.indexOf("=");
  if (separator === -1) return undefined;
  const key = trimWhiteSpace(pair.slice(0, separator));
  const text = trimWhiteSpace(pair.slice(separator + 1));
  if (!keyGrammar.test(key) || text === "") return undefined;
  return [key, text.includes("%") ? percentDecode(text) : text];
}

/** Unlike decodeURIComponent, does not throw: bytes that are not UTF-8 become the replacement character. */
function percentDecode(text: string): string {
  const source = encoder.encode(text);
  const bytes = new Uint8Array(source.length);
  let length = 0;
  for (let index = 0; index < source.length; index += 1) {
    let byte = source[index] ?? 0;
    const digits = byte === 0x25 ? byteAt(source, index + 1) : -1;
    if (digits >= 0) {
      byte = digits;
      index += 2;
    }
    bytes[length] = byte;
    length += 1;
  }
  return utf8.decode(bytes.subarray(0, length));
}

/** The value of two hexadecimal digits, or -1. */
function byteAt(source: Uint8Array, index: number): number {
  const upper = digitOf(source[index] ?? 0);
  const lower = digitOf(source[index + 1] ?? 0);
  return upper < 0 || lower < 0 ? -1 : upper * 16 + lower;
}

function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 0x20;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** Sets an own property, also for the key `__proto__`. */
function setItem(items: Record<string, string>, key: string, value: string): void {
  if (key !== "__proto__") {
    items[key] = value;
    return;
  }
  Object.defineProperty(items, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

/**
 * Writes a W3C baggage header; keys that are not tokens and empty values are left out, and so is the first
 * item that exceeds a limit with all that follow it.
 *
 * @returns `undefined` when there is nothing to write.
 */
export function encodeBaggage(
  baggage: Readonly<Record<string, string>>,
  limits: BaggageLimits,
  report: Report,
): string | undefined {
  let header = "";
  let count = 0;
  for (const key of Object.keys(baggage)) {
    const name = trimWhiteSpace(key);
    const value = baggage[key];
    if (!keyGrammar.test(name) || typeof value !== "string" || value === "") {
      report(baggageHeader, "malformed");
      continue;
    }
    if (count === limits.maximumItems) {
      report(baggageHeader, "too_many");
      break;
    }
    const room = limits.maximumBytes - header.length - (header === "" ? 1 : 2);
    // Encoding never shortens: what is too long already need not be encoded.
    const isTooLong = name.length + value.length + 1 > room;
    const item = isTooLong ? "" : `${name}=${percentEncode(value)}`;
    if (isTooLong || item.length > room) {
      report(baggageHeader, "too_long");
      break;
    }
    header += header === "" ? item : `,${item}`;
    count += 1;
  }
  return header === "" ? undefined : header;
}

function percentEncode(value: string): string {
  if (unreserved.test(value)) return value;
  return encodeURIComponent(value.replaceAll(loneSurrogate, "\ufffd"));
}
