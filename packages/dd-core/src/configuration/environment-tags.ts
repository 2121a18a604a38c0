import type { Environment, TextFallback } from "./setting.ts";
import { parseTagList } from "./tag-list.ts";

/** What OpenTelemetry's resource attributes are called here (https://docs.datadoghq.com/opentelemetry/). */
const identityAttributes: Readonly<Record<string, string>> = {
  "service.name": "service",
  "deployment.environment": "env",
  "deployment.environment.name": "env",
  "service.version": "version",
};

/** The tags that the environment brings, and what it says besides of service, environment and version. */
export interface EnvironmentTags {
  readonly tags: Readonly<Record<string, string>>;
  /** The sources of `service`, `env` or `version` behind its own variable, the first that has one wins. */
  fallbacks(name: "service" | "env" | "version"): readonly TextFallback[];
}

/**
 * Reads `DD_TAGS`, and behind it what dd-trace would read and put on every span as it is: `DD_TRACE_TAGS`,
 * `DD_TRACE_GLOBAL_TAGS` and OpenTelemetry's `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`.
 */
export function readEnvironmentTags(environment: Environment): EnvironmentTags {
  const listed = parseTagList(environment["DD_TAGS"]);
  const traceTags = parseTagList(
    environment["DD_TRACE_TAGS"] ?? environment["DD_TRACE_GLOBAL_TAGS"],
  );
  const attributes = parseResourceAttributes(environment["OTEL_RESOURCE_ATTRIBUTES"]);
  return {
    tags: { ...attributes, ...traceTags, ...listed },
    fallbacks: (name) => [
      { value: listed[name], variable: "DD_TAGS" },
      {
        value: name === "service" ? environment["OTEL_SERVICE_NAME"]?.trim() : undefined,
        variable: "OTEL_SERVICE_NAME",
      },
      { value: attributes[name], variable: "OTEL_RESOURCE_ATTRIBUTES" },
    ],
  };
}

/** `key=value` pairs, percent-encoded (https://opentelemetry.io/docs/specs/otel/resource/sdk/). */
function parseResourceAttributes(text: string | undefined): Record<string, string> {
  const attributes: Record<string, string> = Object.create(null);
  for (const pair of text?.split(",") ?? []) {
    const equals = pair.indexOf("=");
    const key = decoded(pair.slice(0, Math.max(0, equals)).trim());
    if (key === "") continue;
    const name = Object.hasOwn(identityAttributes, key) ? identityAttributes[key] : key;
    attributes[name ?? key] = decoded(pair.slice(equals + 1).trim());
  }
  return attributes;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
