import { knownIntegrations } from "@llmdevops/dd-core";
import type { DatadogAPMClient } from "../client.ts";

/** One line that says what is on: identity, where spans come from, LLM Observability, and where it all goes. */
export function describeClient(client: DatadogAPMClient, isNamedByPackage: boolean): string {
  const { settings } = client.configuration();
  const value = (path: string) => settings[path]?.value;
  const { tracing, agentUrl } = client.health();
  const named = isNamedByPackage ? " (from package.json)" : "";
  const identity = ["env", "version"]
    .filter((name) => value(name) !== undefined)
    .map((name) => ` ${name}=${value(name)}`);
  const isObserved = value("llmobs.enabled") === true && tracing === "active";
  const observed = isObserved ? `on (${value("llmobs.mlApp") ?? value("service")})` : "off";
  return [
    `service=${value("service")}${named}${identity.join("")}`,
    `spans: ${spanSources(tracing, String(value("integrations") ?? ""))}`,
    `LLM Observability: ${observed}`,
    `Agent: ${agentUrl}`,
  ].join("; ");
}

function spanSources(
  tracing: ReturnType<DatadogAPMClient["health"]>["tracing"],
  requested: string,
): string {
  if (tracing === "disabled") return "none (DD_TRACE_ENABLED=false)";
  if (tracing === "unavailable") return "none (dd-trace cannot be loaded)";
  const known = knownIntegrations();
  const integrations = requested
    .split(",")
    .filter((name) => name !== "" && (known.length === 0 || known.includes(name)));
  return ["manual", ...integrations].join(", ");
}
