import { shownName } from "./check-options.ts";
import type { OptionShape } from "./redactor-option-names.ts";

const mostSaid = 10;

/**
 * Warns of options that nothing reads, which are most often misspelt. They are not refused: a newer version may know
 * them.
 *
 * @param names All names that are known.
 */
export function warnOfUnknownOptions(
  options: object,
  names: Readonly<Record<string, OptionShape>>,
): void {
  const unknown = readableNames(options, names);
  if (unknown.length === 0) return;
  const known = Object.keys(names).join(", ");
  const given = unknown.slice(0, mostSaid).map(shownName).join(", ");
  // The package has no logger, and may run where there is no process.
  globalThis.process?.emitWarning?.(
    `Unknown redaction options have no effect: ${given}. Known are ${known}, and what belongs to them.`,
    "RedactionWarning",
  );
}

/** What can be read once may throw the next time. */
function readableNames(options: object, names: OptionShape): string[] {
  try {
    return unknownNames(options, names, "");
  } catch {
    return [];
  }
}

function unknownNames(value: unknown, shape: OptionShape, path: string): string[] {
  if (typeof value !== "object" || value === null || typeof shape !== "object") return [];
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  if (isContainer(shape)) {
    return Object.entries(value).flatMap(([name, entry]) =>
      unknownNames(entry, shape[1], at(name)),
    );
  }
  return Object.entries(value).flatMap(([name, entry]) => {
    const known = Object.hasOwn(shape, name) ? shape[name] : undefined;
    return known === undefined ? [at(name)] : unknownNames(entry, known, at(name));
  });
}

function isContainer(
  shape: OptionShape,
): shape is Extract<OptionShape, readonly ["list" | "record", ...unknown[]]> {
  return Array.isArray(shape);
}
