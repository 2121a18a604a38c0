import type { OptionKind, OptionSection } from "@llmdevops/dd-core/options";

/** One option of a table, and how a value gets there. */
export interface OptionPlace {
  /** The path as errors name it; entries of lists and records are those of the samples. */
  readonly path: string;
  readonly variable: string | undefined;
  /** Options that hold nothing but the value at the path, and what its entry needs besides. */
  readonly with: (value: unknown) => Record<string, unknown>;
}

/** Sections and entries in which everything else is right, by the path of their section, list or record. */
type Samples = Readonly<Record<string, { readonly name: string; readonly entry: object }>>;

/** Every option of a table, those of its sections and entries included. */
export function optionPlaces(
  section: OptionSection,
  samples: Samples,
  path = "",
  place: OptionPlace["with"] = (value) => Object(value),
): OptionPlace[] {
  return Object.entries(section).flatMap(([name, kind]) => {
    const at = path === "" ? name : `${path}.${name}`;
    const here: OptionPlace["with"] = (value) => place({ [name]: value });
    const own = { path: at, variable: variableOf(kind), with: here };
    if (typeof kind !== "object") return [own];
    if (!isContainer(kind)) {
      const within: OptionPlace["with"] = (value) =>
        here({ ...samples[at]?.entry, ...Object(value) });
      return [own, ...optionPlaces(kind, samples, at, within)];
    }
    const [container, entries] = kind;
    const sample = samples[at];
    if (sample === undefined || typeof entries !== "object") return [own];
    const isList = container === "list";
    const inside = isList ? `${at}[0]` : `${at}.${sample.name}`;
    const within: OptionPlace["with"] = (value) => {
      const entry = { ...sample.entry, ...Object(value) };
      return here(isList ? [entry] : { [sample.name]: entry });
    };
    return [own, ...optionPlaces(entries as OptionSection, samples, inside, within)];
  });
}

function isContainer(
  kind: OptionKind,
): kind is Extract<OptionKind, readonly ["list" | "record", ...unknown[]]> {
  return Array.isArray(kind);
}

function variableOf(kind: OptionKind): string | undefined {
  if (typeof kind === "string" && kind !== "plain") return kind;
  return typeof kind === "object" && isContainer(kind) ? kind[2] : undefined;
}
