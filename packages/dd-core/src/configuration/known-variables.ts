import { installedTracer } from "../dd-trace/installed-tracer.ts";
import { nearestName } from "./nearest-name.ts";
import { maskedName } from "./refusal.ts";
import type { Environment } from "./setting.ts";

/** The variables that only this family reads begin so. */
const ownPrefix = "DD_LLMDEVOPS_";

/** The variables that some package of this family reads, beside those that only dd-trace does. */
export const knownVariables: readonly string[] = [
  "DD_AGENT_HOST",
  "DD_API_KEY",
  "DD_CARDINALITY",
  "DD_DOGSTATSD_HOST",
  "DD_DOGSTATSD_HOSTNAME",
  "DD_DOGSTATSD_PORT",
  "DD_DOGSTATSD_SOCKET",
  "DD_DOGSTATSD_URL",
  "DD_ENTITY_ID",
  "DD_ENV",
  "DD_EXTERNAL_ENV",
  "DD_GIT_COMMIT_SHA",
  "DD_GIT_REPOSITORY_URL",
  "DD_LLMDEVOPS_CHECK",
  "DD_LLMDEVOPS_CONTENT",
  "DD_LLMDEVOPS_INTEGRATIONS",
  "DD_LLMDEVOPS_STARTUP_LOG",
  "DD_LLMOBS_AGENTLESS_ENABLED",
  "DD_LLMOBS_ENABLED",
  "DD_LLMOBS_ML_APP",
  "DD_LOGS_INJECTION",
  "DD_ORIGIN_DETECTION_ENABLED",
  "DD_SERVICE",
  "DD_SITE",
  "DD_SPAN_SAMPLING_RULES",
  "DD_TAGS",
  "DD_TRACE_AGENT_PORT",
  "DD_TRACE_AGENT_URL",
  "DD_TRACE_DEBUG",
  "DD_TRACE_ENABLED",
  "DD_TRACE_GLOBAL_TAGS",
  "DD_TRACE_PROPAGATION_STYLE",
  "DD_TRACE_PROPAGATION_STYLE_EXTRACT",
  "DD_TRACE_PROPAGATION_STYLE_INJECT",
  "DD_TRACE_RATE_LIMIT",
  "DD_TRACE_SAMPLE_RATE",
  "DD_TRACE_SAMPLING_RULES",
  "DD_TRACE_TAGS",
  "DD_VERSION",
];

/** More than a process has that is not made to have many. */
const mostCompared = 1_000;
const known = new Set(knownVariables);
/** Most of a name that may be misspelt, without the `DD_` that all have: where it can only be ours, and elsewhere. */
const likeness = { own: 0.5, other: 0.2 };

/** The variable that one which nothing reads was probably meant to be. */
export function nearestVariable(name: string): string | undefined {
  const isOwn = name.toUpperCase().startsWith(ownPrefix);
  const candidates = knownVariables
    .filter((variable) => !isOwn || variable.startsWith(ownPrefix))
    .map((variable) => ({ name: variable, spellings: [rest(variable, isOwn)] }));
  return nearestName(rest(name, isOwn), candidates, isOwn ? likeness.own : likeness.other);
}

/**
 * Finds variables that were probably meant for these packages and that nothing knows: all that begin as only ours do, and
 * those that are spelt almost like one that is read here. What dd-trace knows is left out.
 *
 * @param foreign The variables of dd-trace; asked for only where there is a suspicion.
 * @returns A sentence on each, for `reportUnknown`.
 */
export function unknownVariables(
  environment: Environment,
  foreign: () => readonly string[] = () => installedTracer()?.variables ?? [],
): readonly string[] {
  const others = Object.keys(environment).filter(
    (name) => name.startsWith("DD_") && !known.has(name),
  );
  const suspects = others.slice(0, mostCompared).flatMap((name) => {
    const meant = nearestVariable(name);
    return meant !== undefined || name.startsWith(ownPrefix) ? [{ name, meant }] : [];
  });
  if (suspects.length === 0) return [];
  const theirs = new Set(foreign());
  return suspects
    .filter(({ name }) => !theirs.has(name))
    .map(({ name, meant }) => {
      const unknown = `Unknown variable ${maskedName(name)}`;
      return meant === undefined
        ? `${unknown}; it has no effect.`
        : `${unknown}; did you mean ${meant}?`;
    });
}

function rest(name: string, isOwn: boolean): string {
  return name.slice(isOwn ? ownPrefix.length : "DD_".length);
}
