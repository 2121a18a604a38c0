import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Contender, interleaved, tableOf } from "@llmdevops/measure";
import { type Attributes, context, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import tracer, { type Tracer } from "dd-trace";
import { setSampleRate } from "../src/dd-trace/untyped.ts";
import { createTracing, silentLogger } from "../src/index.ts";

/**
 * What a span costs beside raw dd-trace, with the same dd-trace underneath, and beside the OpenTelemetry SDK with its
 * OTLP exporter; everything is exported to a process of its own.
 */
const { values } = parseArgs({
  options: {
    json: { type: "string" },
    quick: { type: "boolean", default: false },
    rounds: { type: "string", default: "21" },
    only: { type: "string", default: "" },
  },
});
const rounds = values.quick ? 3 : Number(values.rounds);

const sink = fork(new URL("./link-sink.ts", import.meta.url), { execArgv: [] });
const [port] = (await once(sink, "message")) as [number];
const url = `http://127.0.0.1:${port}`;
const tracing = createTracing({
  service: "bench",
  agent: { url },
  sampling: { rate: 1 },
  logger: silentLogger,
});

const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` });
const processor = new BatchSpanProcessor(exporter, {
  maxQueueSize: 16_384,
  maxExportBatchSize: 512,
});
const provider = new NodeTracerProvider({ spanProcessors: [processor] });
const openTelemetry = provider.getTracer("bench");

const tagsOf = (index: number) => ({
  "work.number": index,
  "work.kind": "bench",
  region: "eu-central-1",
  tier: "free",
});

/** A dd-trace as it is by default: with the formats that this client writes, too. */
function withDefaultFormats(): Tracer {
  const inner = Reflect.get(tracer, "_tracer") as object;
  const config = Object.create(Reflect.get(inner, "_config") as object, {
    tracePropagationStyle: {
      value: {
        inject: ["datadog", "tracecontext", "baggage"],
        extract: ["datadog", "tracecontext", "baggage"],
      },
    },
  });
  return Reflect.construct(inner.constructor, [config]) as Tracer;
}
const defaults = withDefaultFormats();

/** As in an application, the client is the first to start spans. */
for (let index = 0; index < 16; index += 1) tracing.startSpan("first").finish();

/**
 * All of them start spans with as many shapes of options and tags as a small service has, before anything is measured.
 * V8 makes code for the shapes that it has seen; of a single one it makes special code, which differs from process to
 * process and which no service gets.
 */
async function startAllSorts(): Promise<void> {
  const allTags: readonly Attributes[] = [
    tagsOf(0),
    { "http.request.method": "GET", "url.path": "/tickets", "http.response.status_code": 200 },
    { "db.system": "postgresql", "db.rows": 12 },
    { "messaging.system": "kafka", "messaging.batch.message_count": 3, partition: 1, offset: 7 },
    { attempt: 1 },
    { "cache.hit": true, "cache.key_count": 2 },
    { "ticket.channel": "email", "ticket.priority": 2, "ticket.language": "de" },
    { "user.tier": "free", "feature.flag": "new-search" },
  ];
  const own = { childOf: tracing.startSpan("root") };
  const raw = { childOf: tracer.startSpan("root") };
  const other = trace.setSpan(context.active(), openTelemetry.startSpan("root"));
  const startTime = Date.now();
  for (let index = 0; index < 12_000; index += 1) {
    const isRoot = index % 4 === 0;
    const when = index % 4 === 3 ? { startTime } : {};
    for (const tags of allTags) {
      tracing.startSpan("unit.work", { ...(isRoot ? {} : own), tags, ...when }).finish();
      tracer.startSpan("unit.work", { ...(isRoot ? {} : raw), tags, ...when }).finish();
      const options = { attributes: tags, ...when };
      openTelemetry.startSpan("unit.work", options, isRoot ? context.active() : other).end();
    }
    // OpenTelemetry's exporter throws where more than 30 batches are on their way.
    if (index % 1_000 === 999) await Promise.all([tracing.flush(), processor.forceFlush()]);
  }
  own.childOf.finish();
  raw.childOf.finish();
  trace.getSpan(other)?.end();
}
await startAllSorts();

function repeat(operation: (index: number) => unknown): Contender["run"] {
  return (count) => {
    for (let index = 0; index < count; index += 1) operation(index);
  };
}

function repeatAsync(operation: (index: number) => Promise<unknown>): Contender["run"] {
  return async (count) => {
    for (let index = 0; index < count; index += 1) await operation(index);
  };
}

/** Runs an operation once on each of `count` fresh subjects; spans are finished outside the time that is measured. */
function onEach<Subject, Result>(
  make: (index: number) => Subject,
  operation: (subject: Subject) => Result,
  spansOf: (subject: Subject, result: Result) => unknown = () => undefined,
): Pick<Contender<unknown>, "prepare" | "run" | "settle"> {
  interface Sample {
    readonly subjects: readonly Subject[];
    readonly results: Result[];
  }
  return {
    prepare: (count): Sample => ({
      subjects: Array.from({ length: count }, (_, index) => make(index)),
      results: [],
    }),
    run: (_count, sample) => {
      const { subjects, results } = sample as Sample;
      for (const subject of subjects) results.push(operation(subject));
    },
    settle: (sample) => {
      const { subjects, results } = sample as Sample;
      for (const [index, subject] of subjects.entries()) {
        const span = spansOf(subject, results[index] as Result);
        (span as { finish(): void } | undefined)?.finish();
      }
    },
  };
}

/** Runs `count` operations at a sample rate that the tracer has for so long. */
function atRate(rate: number, run: Contender["run"]): Contender["run"] {
  return (count, state) => {
    setSampleRate(tracer, rate);
    try {
      return run(count, state);
    } finally {
      setSampleRate(tracer, 1);
    }
  };
}

const rawStart = (index: number) => tracer.startSpan("unit.work", { tags: tagsOf(index) });
const ownStart = (index: number) => tracing.startSpan("unit.work", { tags: tagsOf(index) });
const rawPair = repeat((index) => rawStart(index).finish());
const ownPair = repeat((index) => ownStart(index).finish());

function rawTree(): void {
  const root = tracer.startSpan("unit.root");
  for (let index = 0; index < 9; index += 1) {
    tracer.startSpan("unit.work", { childOf: root, tags: tagsOf(index) }).finish();
  }
  root.finish();
}
function ownTree(): void {
  const root = tracing.startSpan("unit.root");
  for (let index = 0; index < 9; index += 1) {
    tracing.startSpan("unit.work", { childOf: root, tags: tagsOf(index) }).finish();
  }
  root.finish();
}

/** Starts spans and keeps them, as an application does; they are finished outside the time that is measured. */
function startAndKeep<Started extends { finish(): void }>(
  start: (index: number) => Started,
): Contender {
  return {
    name: "",
    count: 4_000,
    prepare: () => [],
    run: (count, spans) => {
      for (let index = 0; index < count; index += 1) (spans as Started[]).push(start(index));
    },
    settle: (spans) => {
      for (const span of spans as Started[]) span.finish();
    },
  };
}

const headersOf = (seed: number) => {
  const id = (BigInt(seed) * 2654435761n + 0x1234567890abcdn).toString(16).padStart(16, "0");
  return {
    host: "api.example.com",
    accept: "*/*",
    "user-agent": "node",
    "content-type": "application/json",
    "x-datadog-trace-id": BigInt(`0x${id}`).toString(),
    "x-datadog-parent-id": "5208512171318403364",
    "x-datadog-sampling-priority": "1",
    "x-datadog-tags": "_dd.p.dm=-1,_dd.p.tid=66a1b2c300000000",
    traceparent: `00-66a1b2c300000000${id}-4848484848484864-01`,
    tracestate: "dd=s:1;p:4848484848484864;t.dm:-1",
  };
};

const spanCases: Contender[] = [
  { ...startAndKeep(rawStart), name: "dd-trace: startSpan, 4 tags" },
  {
    ...startAndKeep(ownStart),
    name: "startSpan, 4 tags",
    peer: "dd-trace: startSpan, 4 tags",
    gate: 1.25,
  },
  { name: "dd-trace: start, 4 tags, finish", run: rawPair },
  {
    name: "start, 4 tags, finish",
    peer: "dd-trace: start, 4 tags, finish",
    gate: 1.1,
    run: ownPair,
  },
  {
    name: "the same at a sample rate of 0.1",
    peer: "dd-trace: start, 4 tags, finish",
    gate: 0.65,
    run: atRate(0.1, ownPair),
  },
  {
    name: "dd-trace at a sample rate of 0.1",
    peer: "dd-trace: start, 4 tags, finish",
    run: atRate(0.1, rawPair),
  },
  { name: "dd-trace: a trace of 10 spans", run: repeat(rawTree) },
  { name: "a trace of 10 spans", peer: "dd-trace: a trace of 10 spans", run: repeat(ownTree) },
  {
    name: "a trace of 10 spans at a sample rate of 0.1",
    peer: "dd-trace: a trace of 10 spans",
    run: atRate(0.1, repeat(ownTree)),
  },
  {
    name: "dd-trace: trace(async fn)",
    run: repeatAsync((index) =>
      tracer.trace("unit.work", { tags: tagsOf(index) }, async () => index),
    ),
  },
  {
    name: "trace(async fn)",
    peer: "dd-trace: trace(async fn)",
    gate: 1,
    run: repeatAsync((index) =>
      tracing.trace("unit.work", { tags: tagsOf(index) }, async () => index),
    ),
  },
];

const theSpan = (span: unknown) => span;
const rawParent = tracer.startSpan("parent");
const ownParent = tracing.startSpan("parent");
const same = headersOf(1);
const propagationCases: Contender[] = [
  {
    name: "dd-trace: inject, first on a span",
    count: 1_000,
    ...onEach(rawStart, (span) => defaults.inject(span, "http_headers", {}), theSpan),
  },
  {
    name: "injectContext, first on a span",
    peer: "dd-trace: inject, first on a span",
    gate: 1.05,
    count: 1_000,
    ...onEach(ownStart, (span) => tracing.injectContext({}, span), theSpan),
  },
  {
    name: "dd-trace: inject, again on a span",
    run: repeat(() => defaults.inject(rawParent, "http_headers", {})),
  },
  {
    name: "injectContext, again on a span",
    peer: "dd-trace: inject, again on a span",
    gate: 0.1,
    run: repeat(() => tracing.injectContext({}, ownParent)),
  },
  {
    name: "dd-trace: extract, new headers",
    ...onEach(headersOf, (headers) => defaults.extract("http_headers", headers)),
  },
  {
    name: "extractContext, new headers",
    peer: "dd-trace: extract, new headers",
    gate: 1.1,
    ...onEach(headersOf, (headers) => tracing.extractContext(headers)),
  },
  {
    name: "dd-trace: extract, the same headers",
    run: repeat(() => defaults.extract("http_headers", same)),
  },
  {
    name: "extractContext, the same headers",
    peer: "dd-trace: extract, the same headers",
    gate: 0.1,
    run: repeat(() => tracing.extractContext(same)),
  },
  {
    name: "dd-trace: extract new headers, start a span",
    count: 1_000,
    ...onEach(
      headersOf,
      (headers) => {
        const parent = defaults.extract("http_headers", headers);
        return tracer.startSpan("unit.work", parent === null ? {} : { childOf: parent });
      },
      (_, started) => started,
    ),
  },
  {
    name: "extractContext, new headers, startSpan",
    peer: "dd-trace: extract new headers, start a span",
    count: 1_000,
    ...onEach(
      headersOf,
      (headers) => tracing.startSpan("unit.work", { childOf: tracing.extractContext(headers) }),
      (_, started) => started,
    ),
  },
];

const batch = 4_000;
const exportCases: Contender[] = [
  {
    name: "OpenTelemetry SDK + OTLP, per span",
    count: batch,
    run: async (count) => {
      for (let index = 0; index < count; index += 1) {
        openTelemetry.startSpan("unit.work", { attributes: tagsOf(index) }).end();
      }
      await processor.forceFlush();
    },
  },
  {
    name: "one span, export included",
    peer: "OpenTelemetry SDK + OTLP, per span",
    gate: 0.8,
    count: batch,
    run: async (count) => {
      ownPair(count, undefined);
      await tracing.flush();
    },
  },
  {
    name: "dd-trace under the same link",
    peer: "OpenTelemetry SDK + OTLP, per span",
    count: batch,
    run: async (count) => {
      rawPair(count, undefined);
      await tracing.flush();
    },
  },
];

const groups = [
  { name: "spans", title: "Spans", cases: spanCases },
  { name: "propagation", title: "Propagation", cases: propagationCases },
  {
    name: "export",
    title: "Until the receiver has answered",
    cases: exportCases,
  },
] as const;
const results = [];
for (const { name, title, cases } of groups) {
  if (!name.includes(values.only)) continue;
  const outcomes = await interleaved(cases, rounds);
  results.push({ title, outcomes });
  process.stdout.write(tableOf(title, outcomes));
}
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`);
}
sink.disconnect();
// dd-trace keeps sockets and timers of its own.
process.exit(0);
