import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

type Headers = Readonly<Record<string, string>>;

/** One call of a propagator of OpenTelemetry: reading headers, or writing what was read from others. */
export interface PeerCall {
  readonly propagator: "tracecontext" | "b3" | "b3multi" | "baggage";
  readonly extract?: Headers;
  readonly spanContext?: {
    readonly traceId: string;
    readonly spanId: string;
    readonly traceFlags: number;
  };
  readonly baggage?: Headers;
}

/** What OpenTelemetry read, and the headers it writes for it. */
export interface PeerAnswer {
  readonly spanContext?: {
    readonly traceId: string;
    readonly spanId: string;
    readonly traceFlags: number;
  };
  readonly baggage: Headers;
  readonly headers: Headers;
}

const program = new URL("./opentelemetry-program.ts", import.meta.url);

/**
 * Calls OpenTelemetry's propagators in a process of their own: under the export conditions of the test runner
 * Node would load their bundler-only modules.
 */
export function callOpenTelemetry(...calls: readonly PeerCall[]): readonly PeerAnswer[] {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout, stderr, status } = spawnSync(process.execPath, [fileURLToPath(program)], {
    input: JSON.stringify(calls),
    encoding: "utf8",
    env,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
