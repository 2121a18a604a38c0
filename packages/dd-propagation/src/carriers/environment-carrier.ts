import { isRecord } from "./header-text.ts";
import { inertCarrier } from "./inert-carrier.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** Environment variables by name. */
export type EnvironmentVariables = Record<string, string | undefined>;

/**
 * A carrier over environment variables, for child processes.
 *
 * Names are written as OpenTelemetry's specification has them: upper case, with `_` for every character that is
 * no letter or digit, so `TRACEPARENT`, `TRACESTATE`, `BAGGAGE`, `X_DATADOG_TRACE_ID` and so on.
 *
 * @param env The variables a child gets, usually a copy of `process.env`; or `process.env` itself to read.
 * @example
 * ```ts
 * import { spawn } from "node:child_process";
 *
 * const env = { ...process.env };
 * propagator.inject(context, environmentCarrier(env));
 * spawn("node", ["job.js"], { env });
 * ```
 * @see https://opentelemetry.io/docs/specs/otel/context/env-carriers/
 */
export function environmentCarrier(
  env: EnvironmentVariables | null | undefined,
): TraceContextCarrier {
  if (!isRecord(env)) return inertCarrier("no environment");
  return {
    get(name) {
      const value = Object.hasOwn(env, variableName(name)) ? env[variableName(name)] : undefined;
      return typeof value === "string" ? value : undefined;
    },
    set(name, value) {
      env[variableName(name)] = value;
    },
    delete(name) {
      delete env[variableName(name)];
    },
    keys: () => Object.keys(env),
  };
}

function variableName(name: string): string {
  const upper = name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, "_");
  return /^[0-9]/.test(upper) ? `_${upper}` : upper;
}
