import { realpathSync } from "node:fs";
import { type InstalledTracer, installedTracer, knownIntegrations } from "@llmdevops/dd-core";
import type { CheckItem, Environment, Settings } from "./check-item.ts";

const wrappers: Readonly<Record<string, string>> = {
  anthropic: "instrumentAnthropic",
  "google-genai": "instrumentGoogleGenAI",
  openai: "instrumentOpenAI",
};
/** The range of the peer dependency of dd-core. */
const supportedVersion = /^6\./;
const otherStarts = /dd-trace\/(init|initialize|register|ci\/init)/;

/** Whether the dd-trace that is installed is one that this package works with. */
export function checkTracerVersion(tracer: InstalledTracer | undefined): CheckItem {
  const topic = "dd-trace";
  const remedy = "Install it with: npm install dd-trace@6";
  if (tracer === undefined) {
    const finding = "not installed, so spans are not recorded";
    return { topic, status: "error", finding, remedy };
  }
  if (supportedVersion.test(tracer.version)) {
    return { topic, status: "ok", finding: tracer.version };
  }
  const finding = `${tracer.version}, but this package works with dd-trace 6`;
  return { topic, status: "error", finding, remedy };
}

/** Which integrations of dd-trace are on, and which names it does not know. */
export function checkIntegrations(settings: Settings): CheckItem {
  const topic = "Integrations";
  const names = integrationsOf(settings);
  if (names.length === 0) {
    return { topic, status: "ok", finding: "none; manual spans only (DD_LLMDEVOPS_INTEGRATIONS)" };
  }
  const known = knownIntegrations();
  const unknown = known.length === 0 ? [] : names.filter((name) => !known.includes(name));
  const finding = names.join(", ");
  if (unknown.length === 0) return { topic, status: "ok", finding };
  return {
    topic,
    status: "warning",
    finding,
    remedy: `dd-trace has no ${unknown.join(", ")}; it has ${known.join(", ")}.`,
  };
}

/** What would be recorded twice, or by two dd-traces. */
export function checkDoubled(
  settings: Settings,
  environment: Environment,
  tracer: InstalledTracer | undefined,
  folder: string,
): CheckItem[] {
  const topic = "Doubled";
  const items: CheckItem[] = [];
  for (const name of integrationsOf(settings)) {
    const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
    if (wrapper === undefined) continue;
    items.push({
      topic,
      status: "info",
      finding: `dd-trace's integration ${name} is on; with ${wrapper}() in the code every call would be recorded twice`,
      remedy:
        "Use one of the two: the wrapper also knows cost and metrics, the integration needs no code.",
    });
  }
  if (otherStarts.test(environment["NODE_OPTIONS"] ?? "")) {
    items.push({
      topic,
      status: "warning",
      finding: "NODE_OPTIONS starts dd-trace by itself, with all its integrations",
      remedy: "Leave only --import @llmdevops/dd/register.",
    });
  }
  const other = installedTracer(folder);
  if (tracer !== undefined && other !== undefined && !isSameFolder(tracer, other)) {
    items.push({
      topic,
      status: "warning",
      finding: `the application has a dd-trace ${other.version} of its own beside ${tracer.version}`,
      remedy: "Give both the same version, so that one of them is installed.",
    });
  }
  return items.length > 0 ? items : [{ topic, status: "ok", finding: "nothing" }];
}

function integrationsOf(settings: Settings): readonly string[] {
  const names = settings["integrations"]?.value;
  return typeof names === "string" ? names.split(",") : [];
}

function isSameFolder(one: InstalledTracer, other: InstalledTracer): boolean {
  try {
    return realpathSync(one.folder) === realpathSync(other.folder);
  } catch {
    return true;
  }
}
