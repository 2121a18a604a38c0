import { median } from "@llmdevops/measure";

/** One result out of those of several processes: the median of each number, and the rest as the first one has it. */
export function medianOfResults(results: readonly unknown[]): unknown {
  const [first] = results;
  if (typeof first === "number") return median(results.filter((it) => typeof it === "number"));
  if (typeof first !== "object" || first === null) return first;
  const parts = Object.keys(first).map((key) => [
    key,
    medianOfResults(results.map((result) => Reflect.get(Object(result), key))),
  ]);
  return Array.isArray(first) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
}
