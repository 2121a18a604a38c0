import { safeText } from "../guard/safe-read.ts";

const maximumLength = 100;

/**
 * An operation's name as Datadog keeps it: lower case, its parts joined by points, in each only letters, digits and
 * underscores, and 100 characters at most (the Agent's
 * `NormalizeName`, pkg/trace/traceutil/normalize).
 *
 * @param parts From the general to the special: what is worked on, then what is done.
 * @example
 * ```ts
 * operationName("Order", "place by card"); // "order.place_by_card"
 * ```
 */
export function operationName(...parts: readonly string[]): string {
  const words = parts.flatMap((part) => safeText(part).slice(0, maximumLength).split("."));
  const clean = words
    .map((word) =>
      word
        .replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_")
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "_")
        .replace(/^_|_$/g, ""),
    )
    .filter((word) => word !== "");
  return (
    clean
      .join(".")
      .replace(/^[^a-z]+/, "")
      .slice(0, maximumLength) || "unnamed_operation"
  );
}
