const validName = /^[a-zA-Z][a-zA-Z0-9_.]{0,199}$/;
const maximumLength = 200;
const rememberedNames = 2_000;
const normalized = new Map<string, string | undefined>();

/**
 * Brings a metric name into Datadog's form: it starts with a letter, holds ASCII letters, digits, `_` and `.`,
 * and has at most 200 characters (https://docs.datadoghq.com/metrics/custom_metrics/#naming-custom-metrics).
 *
 * @returns The name, or `undefined` when nothing usable is left.
 */
export function normalizeMetricName(name: string): string | undefined {
  if (normalized.has(name)) return normalized.get(name);
  const result = validName.test(name) ? name : repaired(String(name));
  if (normalized.size < rememberedNames) normalized.set(name, result);
  return result;
}

function repaired(name: string): string | undefined {
  const cleaned = name
    .slice(0, maximumLength * 2)
    .replace(/[^a-zA-Z0-9_.]+/g, "_")
    .replace(/^[^a-zA-Z]+/, "")
    .slice(0, maximumLength);
  return validName.test(cleaned) ? cleaned : undefined;
}
