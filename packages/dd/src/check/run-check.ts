import {
  type AgentAnswer,
  askAgent,
  Diagnostics,
  type InstalledTracer,
  installedTracer,
  MissingServiceNameError,
  resolveConfiguration,
  silentLogger,
  TagGuard,
} from "@llmdevops/dd-core";
import { knownVariables } from "@llmdevops/dd-core/options";
import {
  type DogStatsDAddress,
  type DogStatsDOptions,
  resolveDogStatsDAddress,
} from "@llmdevops/dd-metrics";
import { createRedactor } from "@llmdevops/dd-redaction";
import { packageName } from "../registration/application-package.ts";
import { checkAgent } from "./check-agent.ts";
import { checkDogStatsD, probeDogStatsD } from "./check-dogstatsd.ts";
import type { CheckItem, CheckReport, Environment, Settings } from "./check-item.ts";
import {
  checkContent,
  checkLLMObservability,
  checkPropagation,
  checkTracing,
  checkUnifiedTags,
  checkVariables,
} from "./check-settings.ts";
import { checkDoubled, checkIntegrations, checkTracerVersion } from "./check-tracer.ts";

/** What the network has answered; `undefined` where it has not been waited for. */
export interface NetworkFacts {
  readonly agent: AgentAnswer | undefined;
  readonly dogstatsd: string | undefined;
}

/** What is checked. */
export interface CheckSubject {
  readonly settings: Settings;
  readonly environment: Environment;
  /** What code has set for metrics. @default nothing */
  readonly dogstatsd?: DogStatsDOptions | undefined;
  /** Where the application is, which may have a dd-trace of its own. */
  readonly folder: string;
}

/** Asks the Agent and DogStatsD; takes at most two seconds and never rejects. */
export async function askNetwork(subject: CheckSubject): Promise<NetworkFacts> {
  const address = metricsAddress(subject);
  const [agent, dogstatsd] = await Promise.all([
    askAgent(agentUrlOf(subject.settings)),
    address === undefined ? undefined : probeDogStatsD(address),
  ]);
  return { agent, dogstatsd };
}

/** Puts everything together that is known. */
export function reportOf(subject: CheckSubject, facts: NetworkFacts): CheckReport {
  const { settings, environment, folder } = subject;
  const tracer = installedTracer();
  const address = metricsAddress(subject);
  const items: CheckItem[] = [
    checkAgent(agentUrlOf(settings), facts.agent),
    ...(address === undefined ? [] : [checkDogStatsD(address, facts.dogstatsd, facts.agent)]),
    checkUnifiedTags(settings),
    checkTracing(settings),
    checkPropagation(settings),
    checkLLMObservability(settings, facts.agent),
    checkTracerVersion(tracer),
    checkIntegrations(settings),
    ...checkDoubled(settings, environment, tracer, folder),
    ...checkContent(environment),
    checkVariables(environment, knownHere(tracer)),
  ];
  return { ok: items.every(({ status }) => status !== "error"), items, settings };
}

/**
 * Checks what a client built from the environment would meet, as `npx @llmdevops/dd check` does; never rejects.
 *
 * @param environment The variables to read.
 * @param folder Where the application is.
 */
export async function runCheck(environment: Environment, folder: string): Promise<CheckReport> {
  const found = resolveSettings(environment, folder);
  if (typeof found === "string") {
    // A variable that is misspelt is often the reason.
    const variables = checkVariables(environment, knownHere(installedTracer()));
    return { ok: false, items: [refusedSettings(found), variables], settings: {} };
  }
  const subject: CheckSubject = { settings: found, environment, folder };
  return reportOf(subject, await askNetwork(subject));
}

/** The variables that something here reads; none where dd-trace does not list its own. */
function knownHere(tracer: InstalledTracer | undefined): ReadonlySet<string> {
  const theirs = tracer?.variables ?? [];
  return new Set(theirs.length === 0 ? [] : [...theirs, ...knownVariables]);
}

/** What is wrong with the settings, and what to do about it. */
function refusedSettings(message: string): CheckItem {
  const [, finding = message, remedy] =
    /^(.+?) (Set (?:the option|it to) .+)$/s.exec(message) ?? [];
  const item = { topic: "Settings", status: "error", finding } as const;
  return remedy === undefined ? item : { ...item, remedy };
}

/** The settings, or what is wrong with them; without a name the service is called like the application's package. */
function resolveSettings(environment: Environment, folder: string): Settings | string {
  const attempt = (service: string | undefined): Settings | Error => {
    try {
      const options = service === undefined ? {} : { service };
      const { settings } = resolveConfiguration(options, environment);
      resolveDogStatsDAddress({}, environment);
      const shown = guarded(settings);
      if (service === undefined || shown["service"] === undefined) return shown;
      return { ...shown, service: { ...shown["service"], source: "default" } };
    } catch (error) {
      return error instanceof Error ? error : new Error("The settings cannot be read.");
    }
  };
  const isNameless = MissingServiceNameError.isInstance(attempt(undefined));
  const found = attempt(isNameless ? packageName(undefined, folder) : undefined);
  return found instanceof Error ? found.message : found;
}

/** What is shown has passed the same guard as what is sent. */
function guarded(settings: Settings): Settings {
  const guard = new TagGuard(createRedactor(), new Diagnostics(silentLogger, undefined));
  const shown = Object.entries(settings).map(([path, report]) => {
    const { value } = report;
    return [path, typeof value === "string" ? { ...report, value: guard.text(value) } : report];
  });
  return Object.fromEntries(shown);
}

function agentUrlOf(settings: Settings): string {
  return String(settings["agent.url"]?.value ?? "");
}

function metricsAddress(subject: CheckSubject): DogStatsDAddress | undefined {
  const { settings, environment, dogstatsd = {} } = subject;
  const host = settings["agent.host"]?.value;
  try {
    const agentHost = typeof host === "string" ? host : undefined;
    return resolveDogStatsDAddress(dogstatsd, environment, agentHost);
  } catch {
    return undefined;
  }
}
