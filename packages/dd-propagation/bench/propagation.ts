import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Contender, interleaved, tableOf } from "@llmdevops/measure";
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import tracer from "dd-trace";
import { createChildContext, createPropagator } from "../src/index.ts";
import { requestHeaders } from "./headers.ts";

const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});

tracer.init({
  plugins: false,
  startupLogs: false,
  telemetry: { enabled: false },
  remoteConfig: { enabled: false },
} as never);

const propagator = createPropagator({ env: {} });
const uncached = createPropagator({ env: {}, cacheSize: 0 });
const traceContextOnly = createPropagator({
  env: {},
  extract: ["tracecontext"],
  inject: ["tracecontext"],
  cacheSize: 0,
});
const openTelemetry = new W3CTraceContextPropagator();

const same = requestHeaders(1);
const many = Array.from({ length: 512 }, (_, seed) => requestHeaders(seed));
const none = { host: "api.example.com", accept: "*/*", "user-agent": "node" };
const parent = propagator.extract(same);
const child = createChildContext(parent);
const span = tracer.startSpan("bench", { childOf: tracer.extract("http_headers", same) as never });
const openTelemetryContext = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: child.traceIdHex,
  spanId: "00f067aa0ba902b7",
  traceFlags: 1,
});

/** Runs an operation again and again, and keeps its result from being optimised away. */
function repeat(operation: (index: number) => unknown): Contender["run"] {
  return (count) => {
    let last: unknown;
    for (let index = 0; index < count; index += 1) last = operation(index);
    return last;
  };
}

const headersOf = (index: number): Record<string, string> => many[index % many.length] ?? same;

const cases: readonly Contender[] = [
  {
    name: "dd-trace: tracer.extract, different headers",
    run: repeat((index) => tracer.extract("http_headers", headersOf(index))),
  },
  {
    name: "extract, different headers",
    peer: "dd-trace: tracer.extract, different headers",
    gate: 1.1,
    run: repeat((index) => uncached.extract(headersOf(index))),
  },
  {
    name: "dd-trace: tracer.extract, the same headers",
    run: repeat(() => tracer.extract("http_headers", same)),
  },
  {
    name: "extract, the same headers",
    peer: "dd-trace: tracer.extract, the same headers",
    gate: 0.1,
    run: repeat(() => propagator.extract(same)),
  },
  {
    name: "dd-trace: tracer.extract, no context",
    run: repeat(() => tracer.extract("http_headers", none)),
  },
  {
    name: "extract, no context",
    peer: "dd-trace: tracer.extract, no context",
    run: repeat(() => propagator.extract(none)),
  },
  {
    name: "OpenTelemetry: W3C extract, different headers",
    run: repeat((index) =>
      openTelemetry.extract(ROOT_CONTEXT, headersOf(index), defaultTextMapGetter),
    ),
  },
  {
    name: "extract Trace Context alone, different headers",
    peer: "OpenTelemetry: W3C extract, different headers",
    run: repeat((index) => traceContextOnly.extract(headersOf(index))),
  },
  {
    name: "dd-trace: tracer.inject, the same span",
    run: repeat(() => tracer.inject(span, "http_headers", {})),
  },
  {
    name: "inject, a new context",
    peer: "dd-trace: tracer.inject, the same span",
    gate: 1.05,
    run: repeat(() => propagator.inject({ ...child }, {})),
  },
  {
    name: "inject, the same context",
    peer: "dd-trace: tracer.inject, the same span",
    gate: 0.1,
    run: repeat(() => propagator.inject(child, {})),
  },
  {
    name: "OpenTelemetry: W3C inject",
    run: repeat(() => openTelemetry.inject(openTelemetryContext, {}, defaultTextMapSetter)),
  },
  {
    name: "inject Trace Context alone, the same context",
    peer: "OpenTelemetry: W3C inject",
    run: repeat(() => traceContextOnly.inject(child, {})),
  },
];

const results = await interleaved(cases, values.quick ? 3 : 15);
process.stdout.write(tableOf("Propagation", results));
if (values.json !== undefined) {
  writeFileSync(
    values.json,
    `${JSON.stringify({ node: process.version, results }, undefined, 2)}\n`,
  );
}
// dd-trace keeps sockets and timers of its own.
process.exit(0);
