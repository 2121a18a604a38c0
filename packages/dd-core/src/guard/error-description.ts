import type { TagGuard } from "./tag-guard.ts";

/** An error as it is written on a span. */
export interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly stack: string | undefined;
}

const maximumCauses = 5;

/**
 * Describes a thrown value of any kind, causes included, every part guarded.
 *
 * The causes are appended to the stack the way Node prints them, since Datadog has no field of its own for them.
 */
export function describeError(error: unknown, guard: TagGuard): ErrorDescription {
  const type = read(error, "name") ?? (typeof error === "object" ? "Error" : typeof error);
  const message =
    read(error, "message") ??
    (isErrorLike(error) ? "" : String(guard.value("error", error) ?? error));
  const stacks: string[] = [];
  const seen = new Set<unknown>();
  let current: unknown = error;
  while (isErrorLike(current) && !seen.has(current) && stacks.length <= maximumCauses) {
    seen.add(current);
    const stack =
      read(current, "stack") ??
      `${read(current, "name") ?? "Error"}: ${read(current, "message") ?? ""}`;
    stacks.push(stacks.length === 0 ? stack : `caused by: ${stack}`);
    current = readUnknown(current, "cause");
  }
  return {
    type: guard.text(type),
    message: guard.text(message),
    stack: stacks.length === 0 ? undefined : guard.text(stacks.join("\n")),
  };
}

function isErrorLike(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function read(source: unknown, key: string): string | undefined {
  const value = readUnknown(source, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function readUnknown(source: unknown, key: string): unknown {
  if (!isErrorLike(source)) return undefined;
  try {
    return Reflect.get(source, key);
  } catch {
    return undefined;
  }
}
