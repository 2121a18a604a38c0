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

const program = `
const api = require("@opentelemetry/api");
const core = require("@opentelemetry/core");
const b3 = require("@opentelemetry/propagator-b3");
const propagators = {
  tracecontext: new core.W3CTraceContextPropagator(),
  baggage: new core.W3CBaggagePropagator(),
  b3: new b3.B3Propagator({ injectEncoding: b3.B3InjectEncoding.SINGLE_HEADER }),
  b3multi: new b3.B3Propagator({ injectEncoding: b3.B3InjectEncoding.MULTI_HEADER }),
};
const answer = (call) => {
  const propagator = propagators[call.propagator];
  let context = api.ROOT_CONTEXT;
  if (call.spanContext) context = api.trace.setSpanContext(context, call.spanContext);
  if (call.baggage) {
    const entries = Object.entries(call.baggage).map(([key, value]) => [key, { value }]);
    context = api.propagation.setBaggage(context, api.propagation.createBaggage(Object.fromEntries(entries)));
  }
  if (call.extract) context = propagator.extract(context, call.extract, api.defaultTextMapGetter);
  const headers = {};
  propagator.inject(context, headers, api.defaultTextMapSetter);
  const baggage = (api.propagation.getBaggage(context)?.getAllEntries() ?? []).map(([key, entry]) => [key, entry.value]);
  const { traceId, spanId, traceFlags } = api.trace.getSpanContext(context) ?? {};
  return { spanContext: traceId && { traceId, spanId, traceFlags }, baggage: Object.fromEntries(baggage), headers };
};
const calls = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(calls.map(answer)));
`;

/**
 * Calls OpenTelemetry's propagators in a process of their own: under the export conditions of the test runner
 * Node would load their bundler-only modules.
 */
export function callOpenTelemetry(...calls: readonly PeerCall[]): readonly PeerAnswer[] {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", program], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    input: JSON.stringify(calls),
    encoding: "utf8",
    env,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
