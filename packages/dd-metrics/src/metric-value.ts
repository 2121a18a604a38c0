import { createHash } from "node:crypto";
import type { TagGuard } from "@llmdevops/dd-core";

/** The length of a digest, which stands for anything longer. */
const maximumSetValueBytes = 64;

/** A value in the form it is sent in, or the reason why it is not. */
export type CheckedValue<T> = { readonly value: T } | { readonly refused: string };

/** Checks the value of every kind of metric but a set. */
export function checkedNumber(value: unknown): CheckedValue<number> {
  if (typeof value !== "number") return { refused: "metric_value_invalid" };
  return Number.isFinite(value) ? { value } : { refused: "metric_value_not_finite" };
}

/**
 * Checks the value of a set: text is guarded, and a text of more than 64 bytes is sent as its SHA-256 digest, so that
 * it still counts as a value of its own.
 */
export function checkedSetValue(value: unknown, guard: TagGuard): CheckedValue<string> {
  if (typeof value !== "string") {
    const checked = checkedNumber(value);
    return "refused" in checked ? checked : { value: String(checked.value) };
  }
  if (value === "") return { refused: "metric_value_invalid" };
  const text = guard.text(value, "metrics").replace(/[|\r\n]/g, "_");
  if (Buffer.byteLength(text) <= maximumSetValueBytes) return { value: text };
  return { value: createHash("sha256").update(text).digest("hex") };
}
