import { validateHeaderName, validateHeaderValue } from "node:http";
import type { RawAnswer } from "./raw-answer.ts";
import type { ScriptedError } from "./scripted-error.ts";
import type { ScriptedReply } from "./scripted-reply.ts";
import { type TokenUsage, tokenUsageFields } from "./token-usage.ts";

const longestDelayMs = 2 ** 31 - 1;

function requireInteger(name: string, value: unknown, least: number, most: number): void {
  if (value === undefined) return;
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return;
  throw new TypeError(`${name} must be an integer from ${least} to ${most}, got ${String(value)}.`);
}

function requireDelay(name: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value === "number" && value >= 0 && value <= longestDelayMs) return;
  throw new TypeError(`${name} must be milliseconds from 0 to ${longestDelayMs}.`);
}

function requirePart(usage: Partial<TokenUsage>, whole: keyof TokenUsage, parts: number): void {
  const total = usage[whole];
  if (total === undefined || parts <= total) return;
  throw new TypeError(`usage.${whole} (${total}) is less than the parts counted in it (${parts}).`);
}

function checkUsage(usage: Partial<TokenUsage>): void {
  for (const field of tokenUsageFields) {
    requireInteger(`usage.${field}`, usage[field], 0, Number.MAX_SAFE_INTEGER);
  }
  const count = (field: keyof TokenUsage): number => usage[field] ?? 0;
  const input = count("cacheReadTokens") + count("cacheWriteTokens");
  requirePart(usage, "inputTokens", input + count("toolUsePromptTokens"));
  requirePart(usage, "inputTokens", count("inputAudioTokens"));
  requirePart(usage, "outputTokens", count("reasoningTokens") + count("outputAudioTokens"));
  requirePart(usage, "cacheWriteTokens", count("cacheWriteOneHourTokens"));
}

function checkError(name: string, error: ScriptedError): void {
  requireInteger(`${name}.status`, error.status, 400, 599);
  requireDelay(`${name}.retryAfterMs`, error.retryAfterMs);
}

function checkRaw({ body, pieces = "events", status }: RawAnswer): void {
  requireInteger("raw.status", status, 200, 599);
  if (typeof body !== "string" && !(body instanceof Uint8Array)) {
    throw new TypeError("raw.body must be a string or bytes.");
  }
  if (pieces === "events") return;
  const sizes = typeof pieces === "number" ? [pieces] : pieces;
  if (!Array.isArray(sizes) || sizes.length === 0) {
    throw new TypeError('raw.pieces must be "events", a number of bytes or a list of them.');
  }
  for (const size of sizes) requireInteger("raw.pieces", size, 1, Number.MAX_SAFE_INTEGER);
}

/**
 * Checks a scripted reply, so that a mistake in a script shows where it is written and not as a
 * puzzling answer later.
 *
 * @throws TypeError naming the faulty field.
 */
export function checkReply(reply: ScriptedReply): void {
  if (typeof reply !== "object" || reply === null) {
    throw new TypeError("A scripted reply must be an object or a function that returns one.");
  }
  requireInteger("status", reply.status, 200, 599);
  requireDelay("delayMs", reply.delayMs);
  requireDelay("chunkDelayMs", reply.chunkDelayMs);
  requireInteger("truncateAfterChunks", reply.truncateAfterChunks, 0, Number.MAX_SAFE_INTEGER);
  if (typeof reply.chunks === "number") requireInteger("chunks", reply.chunks, 1, 1_000_000);
  checkUsage(reply.usage ?? {});
  if (typeof reply.error === "object") checkError("error", reply.error);
  if (reply.midStreamError !== undefined) {
    checkError("midStreamError", reply.midStreamError);
    const { afterChunks } = reply.midStreamError;
    requireInteger("midStreamError.afterChunks", afterChunks, 0, Number.MAX_SAFE_INTEGER);
  }
  for (const headers of [reply.headers ?? {}, reply.raw?.headers ?? {}]) {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
  }
  if (reply.raw !== undefined) checkRaw(reply.raw);
}
