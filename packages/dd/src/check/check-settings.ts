import type { AgentAnswer } from "@llmdevops/dd-core";
import { nearestVariable, shown } from "@llmdevops/dd-core/options";
import { contentModes } from "../process/integration-content.ts";
import {
  type CheckItem,
  type Environment,
  isOn,
  type Settings,
  settingText,
} from "./check-item.ts";

const unifiedTags = ["service", "env", "version"] as const;
const defaultStyles = "datadog, tracecontext, baggage";

/** Whether the three tags are set that join traces, metrics and logs. */
export function checkUnifiedTags(settings: Settings): CheckItem {
  const topic = "Unified tags";
  const missing = unifiedTags.filter((name) => settings[name]?.value === undefined);
  const finding = unifiedTags.map((name) => settingText(settings, name)).join("; ");
  if (missing.length === 0) return { topic, status: "ok", finding };
  const variables = missing.map((name) => `DD_${name.toUpperCase()}`).join(" and ");
  return { topic, status: "warning", finding, remedy: `Set ${variables}.` };
}

/** Whether spans are recorded, and how many traces are kept. */
export function checkTracing(settings: Settings): CheckItem {
  const topic = "Spans";
  const sampled = settingText(settings, "sampling.rate");
  if (isOn(settings, "enabled")) return { topic, status: "ok", finding: `recorded; ${sampled}` };
  const finding = `not recorded: ${settingText(settings, "enabled")}`;
  return { topic, status: "warning", finding };
}

/** The formats in which trace contexts are written and read. */
export function checkPropagation(settings: Settings): CheckItem {
  const styleOf = (path: string) => {
    const paths = [path, "propagation.style"];
    const found = paths.map((name) => settings[name]).find((report) => report?.value !== undefined);
    return found === undefined
      ? `${defaultStyles} (default)`
      : `${found.value} (${found.variable ?? found.source})`;
  };
  const finding = `writes ${styleOf("propagation.inject")}; reads ${styleOf("propagation.extract")}`;
  return { topic: "Propagation", status: "ok", finding };
}

/** Whether LLM Observability is on, why, and whether its events have a way. */
export function checkLLMObservability(
  settings: Settings,
  answer: AgentAnswer | undefined,
): CheckItem {
  const topic = "LLM Observability";
  if (!isOn(settings, "llmobs.enabled")) {
    const finding = `off: ${settingText(settings, "llmobs.enabled")}`;
    return { topic, status: "info", finding, remedy: "Set DD_LLMOBS_ENABLED=1 to turn it on." };
  }
  const application = settings["llmobs.mlApp"]?.value ?? settings["service"]?.value;
  const on = `on: ${settingText(settings, "llmobs.enabled")}, as ${application}`;
  if (isOn(settings, "llmobs.agentlessEnabled")) {
    const direct = `${on}, sent without an Agent`;
    if (settings["apiKey"]?.value !== undefined) return { topic, status: "ok", finding: direct };
    return {
      topic,
      status: "error",
      finding: `${direct}, but there is no API key`,
      remedy: "Set DD_API_KEY.",
    };
  }
  const { reachable = false, endpoints = [] } = answer ?? {};
  if (reachable && !endpoints.some((path) => path.startsWith("/evp_proxy/"))) {
    const remedy = "Use Agent 7.55 or newer, or set DD_LLMOBS_AGENTLESS_ENABLED=1 and DD_API_KEY.";
    return { topic, status: "error", finding: `${on}, but the Agent has no proxy for it`, remedy };
  }
  return { topic, status: "ok", finding: `${on}, sent through the Agent` };
}

/** What the variable says of prompts and responses; nothing where it is not set. */
export function checkContent(environment: Environment): CheckItem[] {
  const topic = "Content";
  const mode = environment["DD_LLMDEVOPS_CONTENT"]?.trim().toLowerCase();
  if (!mode) return [];
  if (contentModes.some((known) => known === mode)) {
    const finding = `${mode} of prompts and responses is recorded (DD_LLMDEVOPS_CONTENT)`;
    return [{ topic, status: "info", finding }];
  }
  const finding = `nothing is recorded: DD_LLMDEVOPS_CONTENT cannot be ${shown(mode)}`;
  const remedy = `Set DD_LLMDEVOPS_CONTENT to one of ${contentModes.join(", ")}.`;
  return [{ topic, status: "warning", finding, remedy }];
}

/** Variables that nothing reads are most often misspelt. */
export function checkVariables(environment: Environment, known: ReadonlySet<string>): CheckItem {
  const topic = "Variables";
  const given = Object.keys(environment)
    .filter((name) => /^_?DD_/.test(name) && environment[name] !== undefined)
    .sort();
  const unknown = given.filter((name) => known.size > 0 && !known.has(name));
  const finding = given.length === 0 ? "no DD_ variable is set" : `set: ${given.join(", ")}`;
  if (unknown.length === 0) return { topic, status: "info", finding };
  const named = unknown.map((name) => {
    const meant = nearestVariable(name);
    return meant === undefined ? name : `${name} (did you mean ${meant}?)`;
  });
  return {
    topic,
    status: "warning",
    finding,
    remedy: `Nothing here reads ${named.join(", ")}: look for a spelling error.`,
  };
}
