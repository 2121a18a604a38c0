import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import type { Logger } from "../ports/logger.ts";
import { type NameCandidate, nearestName } from "./nearest-name.ts";
import type { OptionKind, OptionSection } from "./option-names.ts";
import { maskedName } from "./refusal.ts";

/** Further ones are only counted: each is compared with all names that there are. */
export const mostSaid = 10;
const mostListed = 12;
/** Most of a name that may be misspelt: among the names of its section, and among all others. */
const likeness = { near: 0.4, far: 0.34 };

/** The sentence on an option that no version of these packages knows, with the name that was probably meant. */
export function describeUnknown(
  path: string,
  name: string,
  siblings: OptionSection,
  all: OptionSection,
): string {
  const at = (sibling: string) => (path === "" ? sibling : `${path}.${sibling}`);
  const near = Object.keys(siblings).map((text) => ({ name: at(text), spellings: [text] }));
  const meant =
    nearestName(name, near, likeness.near) ?? nearestName(name, candidatesOf(all), likeness.far);
  const unknown = `Unknown option ${maskedName(at(name))}`;
  if (meant !== undefined) return `${unknown}; did you mean ${maskedName(meant)}?`;
  const known = Object.keys(siblings);
  const listed = known.length <= mostListed ? ` Known there: ${known.join(", ")}.` : "";
  return `${unknown}; it has no effect.${listed}`;
}

/**
 * Says once, in one line, which options or variables are unknown, and counts them (`unknown_setting`); a newer version
 * may know them, so none is refused.
 */
export function reportUnknown(unknown: readonly string[], diagnostics: Diagnostics): void {
  if (unknown.length === 0) return;
  diagnostics.count("unknown_setting", unknown.length);
  const text = lineOf(unknown);
  diagnostics.warnOnce(`unknown-setting ${text}`, text);
}

/** The same where there is nothing but a logger. */
export function warnUnknown(unknown: readonly string[], logger: Pick<Logger, "warn">): void {
  if (unknown.length === 0) return;
  try {
    logger.warn(lineOf(unknown));
  } catch {
    // A logger that fails is no reason to refuse the options.
  }
}

/** The first of them in one line, and how many more there are. */
export function lineOf(unknown: readonly string[]): string {
  const further = unknown.length - mostSaid;
  const rest = further > 0 ? [`And ${further} more.`] : [];
  return [...unknown.slice(0, mostSaid), ...rest].join(" ");
}

/** Every option of a table, by its own name and by that of its section with it. */
function candidatesOf(section: OptionSection, path = ""): NameCandidate[] {
  return Object.entries(section).flatMap(([name, kind]) => {
    const full = path === "" ? name : `${path}.${name}`;
    const inner = sectionOf(kind);
    const own = { name: full, spellings: [name, full] };
    return inner === undefined ? [own] : [own, ...candidatesOf(inner, full)];
  });
}

/** The options below one; those of a list's entries have no path of their own. */
function sectionOf(kind: OptionKind): OptionSection | undefined {
  return typeof kind === "object" && !Array.isArray(kind) ? (kind as OptionSection) : undefined;
}
