import type { Tracer } from "dd-trace";
import type { Configuration } from "../configuration/configuration.ts";
import type { Foundation } from "../configuration/foundation.ts";
import { integrationsLeftOff } from "./integrations.ts";
import { readPath, tracerIdentity } from "./untyped.ts";

/** A setting that the host's dd-trace has and that this client wanted otherwise. */
interface Conflict {
  readonly name: string;
  readonly inForce: unknown;
  readonly wanted: unknown;
}

/** Says what stays in force where somebody else has initialised dd-trace, each difference once. */
export function reportAdoption(
  { configuration, diagnostics, guard }: Foundation,
  tracer: Tracer,
): void {
  diagnostics.info("dd-trace was initialised before this client; its settings stay in force.");
  const left = integrationsLeftOff(tracer, configuration.integrations);
  if (left.length > 0) {
    diagnostics.count("integrations_left_off", left.length);
    diagnostics.warnOnce(
      "integrations-left-off",
      `dd-trace was initialised before this client, so its integrations ${left.join(", ")} stay off. Name them in DD_LLMDEVOPS_INTEGRATIONS and start with --import @llmdevops/dd/register.`,
    );
  }
  for (const { name, inForce, wanted } of conflicts(configuration, tracer)) {
    const shown = JSON.stringify(guard.value(name, inForce));
    diagnostics.warnOnce(
      `dd-trace-${name}`,
      `dd-trace was initialised with the ${name} ${shown}, so that is in force and not ${JSON.stringify(wanted)}. Give both the same ${name}.`,
    );
    diagnostics.count("dd_trace_settings_differ");
  }
}

function conflicts(configuration: Configuration, tracer: unknown): readonly Conflict[] {
  const { service, env, version, settings } = configuration;
  const identity = tracerIdentity(tracer);
  const isAsked = (path: string): boolean =>
    settings[path] !== undefined && settings[path].source !== "default";
  const found: Conflict[] = [
    { name: "service", inForce: identity["service"], wanted: service },
    { name: "env", inForce: identity["env"], wanted: env },
    { name: "version", inForce: identity["version"], wanted: version },
  ];
  const address = addressOf(readPath(tracer, "_tracer", "_exporter", "_url"));
  if (isAsked("agent.url") && address !== undefined) {
    found.push({ name: "Agent address", inForce: address, wanted: configuration.agentUrl });
  }
  const rate = readPath(tracer, "_tracer", "_config", "sampleRate");
  if (isAsked("sampling.rate")) {
    found.push({ name: "sample rate", inForce: rate, wanted: configuration.sampleRate });
  }
  if (configuration.llmobs.enabled) {
    const isOn = readPath(tracer, "llmobs", "enabled") === true;
    found.push({ name: "LLM Observability switch", inForce: isOn, wanted: true });
  }
  return found.filter(({ inForce, wanted }) => wanted !== undefined && inForce !== wanted);
}

/** An address as this package writes it; credentials are no part of it. */
function addressOf(url: unknown): string | undefined {
  const text = String(url);
  if (url === undefined || !URL.canParse(text)) return undefined;
  const address = new URL(text);
  address.username = "";
  address.password = "";
  return address.href.replace(/\/$/, "");
}
