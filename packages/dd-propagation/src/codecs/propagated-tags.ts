import { upperOfTraceIdHex } from "../identifiers/identifier.ts";
import { maximumScannedTagsLength } from "./limits.ts";
import type { Report } from "./report.ts";

const header = "x-datadog-tags";
/** The tag that carries the upper 64 bits of the trace id. */
export const upperTraceIdTag = "_dd.p.tid";
/** The tag that names the mechanism of the sampling decision. */
export const decisionMakerTag = "_dd.p.dm";
/** The tag that says why propagated tags are incomplete. */
export const propagationErrorTag = "_dd.propagation_error";

// Printable ASCII without the comma that separates members; keys also without the space.
const keyGrammar = /^_dd\.p\.[\x21-\x2b\x2d-\x7e]+$/;
const valueGrammar = /^[\x20-\x2b\x2d-\x7e]*$/;
const upperTraceId = /^[0-9a-f]{16}$/i;

/**
 * Reads an `x-datadog-tags` header.
 *
 * Over `maximumLength` only `_dd.p.tid` is kept, without which the trace id would be another one; one malformed
 * member drops all members; a malformed `_dd.p.tid` is dropped alone. Each case is named in `_dd.propagation_error`.
 *
 * @param maximumLength In characters; 0 turns propagated tags off.
 */
export function decodePropagatedTags(
  value: string,
  maximumLength: number,
  report: Report,
): Record<string, string> {
  if (maximumLength === 0 || value === "") return {};
  if (value.length > maximumLength) {
    report(header, "too_long");
    const upper = findUpperTraceId(value.slice(0, maximumScannedTagsLength));
    const tags: Record<string, string> = upper === undefined ? {} : { [upperTraceIdTag]: upper };
    return Object.assign(tags, { [propagationErrorTag]: "extract_max_size" });
  }
  const tags: Record<string, string> = {};
  for (const member of value.split(",")) {
    const separator = member.indexOf("=");
    const key = separator === -1 ? member : member.slice(0, separator);
    const text = separator === -1 ? "" : member.slice(separator + 1);
    if (!keyGrammar.test(key) || !valueGrammar.test(text)) {
      report(header, "malformed");
      return { [propagationErrorTag]: "decoding_error" };
    }
    if (key !== upperTraceIdTag) tags[key] = text;
    else if (upperTraceId.test(text)) tags[key] = text.toLowerCase();
    else {
      report(header, "malformed");
      tags[propagationErrorTag] = `malformed_tid ${text}`;
    }
  }
  return tags;
}

function findUpperTraceId(value: string): string | undefined {
  for (const member of value.split(",")) {
    if (!member.startsWith(`${upperTraceIdTag}=`)) continue;
    const text = member.slice(upperTraceIdTag.length + 1);
    return upperTraceId.test(text) ? text.toLowerCase() : undefined;
  }
  return undefined;
}

/**
 * Writes an `x-datadog-tags` header.
 *
 * The upper half of the trace id is taken from the trace id itself. When everything together is longer than
 * `maximumLength`, `_dd.p.tid` is written alone; members that cannot be written are left out.
 *
 * @returns `undefined` when there is nothing to write.
 */
export function encodePropagatedTags(
  tags: Readonly<Record<string, string>> | undefined,
  traceIdHex: string,
  maximumLength: number,
  report: Report,
): string | undefined {
  if (maximumLength === 0) return undefined;
  const upper = upperOfTraceIdHex(traceIdHex);
  const identity = upper === undefined ? "" : `${upperTraceIdTag}=${upper}`;
  let value = identity;
  for (const key of Object.keys(tags ?? {})) {
    const text = tags?.[key];
    if (!key.startsWith("_dd.p.") || key === upperTraceIdTag) continue;
    if (typeof text !== "string" || text === "") continue;
    if (!keyGrammar.test(key) || !valueGrammar.test(text)) {
      report(header, "malformed");
      continue;
    }
    value += value === "" ? `${key}=${text}` : `,${key}=${text}`;
  }
  if (value.length > maximumLength) {
    report(header, "too_long");
    value = identity.length > maximumLength ? "" : identity;
  }
  return value === "" ? undefined : value;
}
