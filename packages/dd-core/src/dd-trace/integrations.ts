import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Tracer } from "dd-trace";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { moduleAddress } from "../module-address.ts";
import { callMethod, readPath } from "./untyped.ts";

const requireHere = createRequire(moduleAddress);

/** They need dd-trace's test mode, or belong to another integration, so naming them would do nothing. */
const notForApplications: ReadonlySet<string> = new Set([
  "cucumber",
  "cypress",
  "dd-trace-api",
  "electron",
  "jest",
  "mocha",
  "nyc",
  "playwright",
  "selenium",
  "vitest",
  "web",
]);

/** Integrations that learn the route of a request only from another one. */
const companions: Readonly<Record<string, readonly string[]>> = {
  express: ["router"],
  fastify: ["find-my-way"],
  restify: ["find-my-way"],
};

/** Frameworks whose spans are those of the HTTP server, with a route. */
const onHttp: readonly string[] = [
  "connect",
  "express",
  "fastify",
  "hapi",
  "hono",
  "koa",
  "restify",
];

/** Node's own modules behind an integration, where they are more than the one of its name. */
const builtInModules: Readonly<Record<string, readonly string[]>> = {
  dns: ["dns", "dns/promises"],
  http: ["http", "https"],
};

const logLibraries: ReadonlySet<string> = new Set(["bunyan", "pino", "winston"]);
const prefix = "datadog-plugin-";

/**
 * The names that `integrations` and `DD_LLMDEVOPS_INTEGRATIONS` may hold with the dd-trace that is installed.
 *
 * @returns An empty list where dd-trace is absent, or bundled, so that its files cannot be seen.
 * @example
 * ```ts
 * knownIntegrations().includes("fastify"); // true
 * ```
 */
export function knownIntegrations(): readonly string[] {
  try {
    const folder = join(dirname(requireHere.resolve("dd-trace/package.json")), "packages");
    return readdirSync(folder)
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .filter((name) => !notForApplications.has(name))
      .sort();
  } catch {
    return [];
  }
}

/** Those of Node's own modules that dd-trace has to wrap for the integrations. */
export function wrappedBuiltIns(integrations: readonly string[]): ReadonlySet<string> {
  return new Set(integrations.flatMap((name) => builtInModules[name] ?? [name]));
}

/** Whether one of the integrations adds the correlation fields to a logger's records. */
export function hasLogIntegration(integrations: readonly string[]): boolean {
  return integrations.some((name) => logLibraries.has(name));
}

/** Those that an already initialised dd-trace has off; it takes no more once modules are loaded. */
export function integrationsLeftOff(tracer: Tracer, names: readonly string[]): readonly string[] {
  const manager = readPath(tracer, "_pluginManager");
  if (readPath(manager, "_tracerConfig", "plugins") !== false) return [];
  return names.filter((name) => readPath(manager, "_configsByName", name, "enabled") !== true);
}

/** Turns on the integrations that dd-trace knows, for CommonJS and ECMAScript modules that are loaded later. */
export function enableIntegrations(
  tracer: Tracer,
  integrations: readonly string[],
  diagnostics: Diagnostics,
): void {
  if (integrations.length === 0) return;
  const known = knownIntegrations();
  const unknown = known.length === 0 ? [] : integrations.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    diagnostics.count("unknown_integration", unknown.length);
    diagnostics.warnOnce(
      "unknown-integration",
      `dd-trace has no integration ${unknown
        .slice(0, 10)
        .map((name) => JSON.stringify(name.slice(0, 60)))
        .join(", ")}; ` + `the others are on. Those that can be named: ${known.join(", ")}.`,
    );
  }
  const bare = integrations.filter((name) => onHttp.includes(name));
  if (bare.length > 0 && !integrations.includes("http")) {
    diagnostics.warnOnce(
      "integration-without-http",
      `dd-trace's integration ${bare.join(", ")} only adds to the spans of its integration http, which is off. Name http as well.`,
    );
  }
  const wanted = integrations.filter((name) => !unknown.includes(name));
  if (wanted.length === 0) return;
  for (const name of wanted.flatMap((name) => [name, ...(companions[name] ?? [])])) {
    callMethod(tracer, "use", name, true);
  }
  try {
    // Registers dd-trace's hook for ECMAScript modules; CommonJS ones are hooked by loading dd-trace.
    requireHere("dd-trace/register.js");
  } catch {
    diagnostics.count("module_hook_missing");
    diagnostics.warnOnce(
      "module-hook-missing",
      "dd-trace's hook for ECMAScript modules could not be registered, so integrations cover CommonJS modules only.",
    );
  }
}
