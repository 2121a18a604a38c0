import { safeRead, safeText } from "./safe-read.ts";
import type { TagGuard } from "./tag-guard.ts";

/** An error as it is written on a span. */
export interface ErrorDescription {
  /** Class name of the error, as `error.type`. */
  readonly type: string;
  /** Message of the error, as `error.message`. */
  readonly message: string;
  /** Stack of the error, as `error.stack`; `undefined` where it has none. */
  readonly stack: string | undefined;
}

const maximumCauses = 5;

/**
 * Describes a thrown value of any kind, causes included, every part guarded.
 *
 * The causes, five at most, are appended to the stack the way Node prints them, since Datadog has no field of
 * its own for them; those of an `AggregateError` are its `errors`.
 *
 * @param guard What each part passes, for example the `guard` of a tracing client.
 * @example
 * ```ts
 * const { type, message } = describeError(new RangeError("too many lines"), tracing.guard);
 * ```
 */
export function describeError(error: unknown, guard: TagGuard): ErrorDescription {
  const stacks = isObject(error) ? stacksOf(error) : [];
  return {
    type: guard.text(readText(error, "name") ?? (isObject(error) ? "Error" : typeof error)),
    message: guard.text(messageOf(error, guard)),
    stack: stacks.length === 0 ? undefined : guard.text(stacks.join("\n")),
  };
}

function messageOf(error: unknown, guard: TagGuard): string {
  const message = readText(error, "message") ?? readText(error, "code");
  if (message !== undefined) return message;
  if (readText(error, "stack") !== undefined) return "";
  return safeText(guard.value("error.message", error) ?? error);
}

function stacksOf(error: object): string[] {
  const stacks: string[] = [];
  const seen = new Set<object>();
  const waiting: object[] = [error];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const text = readText(next, "stack") ?? headline(next);
    if (text !== undefined) stacks.push(next === error ? text : `caused by: ${text}`);
    if (seen.size > maximumCauses) break;
    waiting.push(...causesOf(next));
  }
  return stacks;
}

function causesOf(error: object): object[] {
  const errors = safeRead(error, "errors");
  const first = safeRead(errors, "length");
  const count = typeof first === "number" ? Math.min(first, maximumCauses) : 0;
  const listed = Array.from({ length: count }, (_, index) => safeRead(errors, index));
  return [safeRead(error, "cause"), ...listed].filter(isObject);
}

function headline(error: object): string | undefined {
  const message = readText(error, "message");
  const name = readText(error, "name");
  return message === undefined && name === undefined
    ? undefined
    : `${name ?? "Error"}: ${message ?? ""}`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function readText(source: unknown, key: string): string | undefined {
  const value = isObject(source) ? safeRead(source, key) : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}
