const maximumLength = 200;
const validName = /^[a-zA-Z][a-zA-Z0-9_.]{0,199}$/;

/**
 * Brings a metric name into Datadog's form: it starts with a letter, holds ASCII letters, digits, `_` and `.`,
 * and has at most 200 characters (https://docs.datadoghq.com/metrics/custom_metrics/#naming-custom-metrics).
 *
 * @returns The name, or `undefined` when nothing usable is left.
 * @example
 * ```ts
 * normalizeMetricName("orders placed/day"); // "orders_placed_day"
 * normalizeMetricName("42"); // undefined
 * ```
 */
export function normalizeMetricName(name: string): string | undefined {
  if (typeof name !== "string") return undefined;
  return validName.test(name) ? name : repaired(name);
}

function repaired(name: string): string | undefined {
  const cleaned = name
    // Bounds the work; what follows can hardly be meant as part of a name.
    .slice(0, maximumLength * 2)
    .replace(/[^a-zA-Z0-9_.]+/g, "_")
    .replace(/^[^a-zA-Z]+/, "")
    .slice(0, maximumLength);
  return cleaned === "" ? undefined : cleaned;
}
