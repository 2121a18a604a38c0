/** What the benchmarks have written, by the path of each in the repository. */
export type BenchmarkResults = Readonly<Record<string, unknown>>;

/** Every object within some JSON. */
export function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Readonly<Record<string, unknown>>;
  for (const part of Object.values(value)) yield* objectsIn(part);
}

/** What a benchmark has measured under a name, as a number of one of its fields. */
export function measured(
  results: BenchmarkResults,
  file: string,
  name: string,
  field = "ratio",
): number | undefined {
  for (const object of objectsIn(results[file])) {
    const value = object[field];
    if (object["name"] === name && typeof value === "number") return value;
  }
  return undefined;
}
