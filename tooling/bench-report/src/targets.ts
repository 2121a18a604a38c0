import { type BenchmarkResults, measured, objectsIn } from "./benchmark-results.ts";

/** What a benchmark is held to. */
export interface Target {
  readonly operation: string;
  readonly peer: string;
  readonly unit: string;
  /** The bound that must be kept. */
  readonly gate: number;
  /** The bound that would be better still. */
  readonly stretch?: number;
  /** Whether more is better. @default false: less is */
  readonly isMoreBetter?: boolean;
  readonly read: (results: BenchmarkResults) => number | undefined;
}

const spans = "packages/dd-core/bench/spans.ts";
const startUp = "packages/dd-core/bench/start-up.ts";
const calls = "packages/dd/bench/llm-call.ts";
const metrics = "packages/dd-metrics/bench/metrics.ts";
const redaction = "packages/dd-redaction/bench/redaction.ts";
const idle = "packages/dd/bench/idle.ts";

/** A ratio that stands under a name; of several tables with the same name the last one, which includes export. */
const ratio = (file: string, name: string) => (results: BenchmarkResults) =>
  measured(results, file, name);

function fewerDatagrams(results: BenchmarkResults, than: string): number | undefined {
  const ours = measured(results, metrics, "dd-metrics", "datagrams");
  const theirs = measured(results, metrics, than, "datagrams");
  return ours === undefined || theirs === undefined ? undefined : theirs / ours;
}

function redactionSpeedup(group: string) {
  return (results: BenchmarkResults): number | undefined => {
    for (const object of objectsIn(results[redaction])) {
      if (object["name"] !== group) continue;
      for (const timing of objectsIn(object["timings"])) {
        if (timing["name"] === "dd-redaction") return Number(timing["speedup"]);
      }
    }
    return undefined;
  };
}

function slowestHostile(results: BenchmarkResults): number | undefined {
  const times = [...objectsIn(results[redaction])].flatMap(({ ms100KB }) =>
    typeof ms100KB === "number" ? [ms100KB] : [],
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

function idleTraffic(field: "requests" | "bytes") {
  return (results: BenchmarkResults): number | undefined => {
    for (const object of objectsIn(results[idle])) {
      if (object["kind"] === "ours") return Number(object[field]);
    }
    return undefined;
  };
}

function inTable(file: string, title: string, name: string) {
  return (results: BenchmarkResults): number | undefined => {
    for (const object of objectsIn(results[file])) {
      if (object["title"] !== title) continue;
      for (const outcome of objectsIn(object["outcomes"])) {
        if (outcome["name"] === name && typeof outcome["ratio"] === "number") {
          return outcome["ratio"];
        }
      }
    }
    return undefined;
  };
}

function agentGone(results: BenchmarkResults): number | undefined {
  const file = results["packages/dd-core/bench/agent-gone.ts"];
  const ratios = (file as { ratios?: readonly number[] } | undefined)?.ratios;
  return ratios === undefined
    ? undefined
    : ratios.toSorted((left, right) => left - right)[Math.floor(ratios.length / 2)];
}

function runRatio(field: "ratio" | "ratioWithoutMetrics") {
  return (results: BenchmarkResults): number | undefined => {
    for (const object of objectsIn(results["packages/dd/bench/agent-run.ts"])) {
      const { [field]: value } = object;
      if (typeof value === "number") return value;
    }
    return undefined;
  };
}

const observed = "A model call with LLM Observability";
const exported = "The same until the receiver has answered";

/** Every bound, each beside what it is compared with in the same run. */
export const targets: readonly Target[] = [
  {
    operation: "startSpan with 4 tags",
    peer: "dd-trace",
    unit: "×",
    gate: 1.25,
    stretch: 1.1,
    read: ratio(spans, "startSpan, 4 tags"),
  },
  {
    operation: "start, 4 tags, finish",
    peer: "dd-trace",
    unit: "×",
    gate: 1.1,
    stretch: 1.03,
    read: ratio(spans, "start, 4 tags, finish"),
  },
  {
    operation: "trace(async fn)",
    peer: "dd-trace",
    unit: "×",
    gate: 1,
    stretch: 0.85,
    read: ratio(spans, "trace(async fn)"),
  },
  {
    operation: "start, 4 tags, finish at a sample rate of 0.1",
    peer: "dd-trace at rate 1",
    unit: "×",
    gate: 0.65,
    stretch: 0.2,
    read: ratio(spans, "the same at a sample rate of 0.1"),
  },
  {
    operation: "CPU of a span, export included",
    peer: "OpenTelemetry SDK + OTLP",
    unit: "×",
    gate: 0.8,
    stretch: 0.72,
    read: ratio(spans, "one span, export included"),
  },
  {
    operation: "a model call: span, usage, cost, metrics",
    peer: "Langfuse, export included",
    unit: "×",
    gate: 0.9,
    stretch: 0.75,
    read: inTable(calls, exported, "startLLMSpan, content none"),
  },
  {
    operation: "a model call with LLM Observability",
    peer: "llmobs.trace + annotate, dd-trace alone",
    unit: "×",
    gate: 1.2,
    stretch: 1.05,
    read: inTable(calls, observed, "traceLLM, content none"),
  },
  {
    operation: "reading a stream of 500 chunks",
    peer: "the SDK's stream",
    unit: "×",
    gate: 1.05,
    read: ratio("packages/dd/bench/stream.ts", "the same, observed"),
  },
  {
    operation: "injectContext, first on a span",
    peer: "dd-trace",
    unit: "×",
    gate: 1.05,
    stretch: 1,
    read: ratio(spans, "injectContext, first on a span"),
  },
  {
    operation: "injectContext, again",
    peer: "dd-trace",
    unit: "×",
    gate: 0.1,
    stretch: 0.02,
    read: ratio(spans, "injectContext, again on a span"),
  },
  {
    operation: "extractContext, new headers",
    peer: "dd-trace",
    unit: "×",
    gate: 1.1,
    stretch: 1,
    read: ratio(spans, "extractContext, new headers"),
  },
  {
    operation: "extractContext, the same headers",
    peer: "dd-trace",
    unit: "×",
    gate: 0.1,
    stretch: 0.015,
    read: ratio(spans, "extractContext, the same headers"),
  },
  {
    operation: "counter, 4 tags in an object",
    peer: "hot-shots, buffered",
    unit: "×",
    gate: 0.08,
    stretch: 0.035,
    read: ratio(metrics, "increment, 4 tags"),
  },
  {
    operation: "counter, 4 tags in a list",
    peer: "hot-shots, buffered",
    unit: "×",
    gate: 0.12,
    stretch: 0.09,
    read: ratio(metrics, "increment, 4 tags in a list"),
  },
  {
    operation: "counter, bound",
    peer: "hot-shots, buffered",
    unit: "×",
    gate: 0.01,
    stretch: 0.003,
    read: ratio(metrics, "bound count"),
  },
  {
    operation: "distribution, 4 tags",
    peer: "hot-shots, buffered",
    unit: "×",
    gate: 0.15,
    stretch: 0.05,
    read: ratio(metrics, "distribution, 4 tags"),
  },
  {
    operation: "fewer datagrams for 100,000 calls",
    peer: "hot-shots, unbuffered",
    unit: "×",
    gate: 500,
    stretch: 775,
    isMoreBetter: true,
    read: (results) => fewerDatagrams(results, "hot-shots, unbuffered"),
  },
  {
    operation: "fewer datagrams for 100,000 calls",
    peer: "hot-shots, aggregating",
    unit: "×",
    gate: 10,
    stretch: 15,
    isMoreBetter: true,
    read: (results) => fewerDatagrams(results, "hot-shots, aggregating"),
  },
  {
    operation: "redaction, prose of 10 KB, 1 hit/KB: faster",
    peer: "six sequential rules",
    unit: "×",
    gate: 5,
    stretch: 7,
    isMoreBetter: true,
    read: redactionSpeedup("prose 10 KB, 1 hit/KB"),
  },
  {
    operation: "redaction, prose of 10 KB, no hit: faster",
    peer: "six sequential rules",
    unit: "×",
    gate: 7,
    stretch: 9,
    isMoreBetter: true,
    read: redactionSpeedup("prose 10 KB, no hit"),
  },
  {
    operation: "redaction, digit-heavy JSON of 10 KB: faster",
    peer: "six sequential rules",
    unit: "×",
    gate: 1.8,
    stretch: 2.5,
    isMoreBetter: true,
    read: redactionSpeedup("JSON 10 KB, digit-heavy"),
  },
  {
    operation: "redaction, a history sent again: faster",
    peer: "six sequential rules",
    unit: "×",
    gate: 100,
    stretch: 1_000,
    isMoreBetter: true,
    read: redactionSpeedup("history of 20 messages, 100 KB, sent again"),
  },
  {
    operation: "slowest of the hostile 100 KB",
    peer: "5,300 ms by six rules",
    unit: "ms",
    gate: 15,
    stretch: 10,
    read: slowestHostile,
  },
  {
    operation: "start-up, CPU",
    peer: "dd-trace: init",
    unit: "×",
    gate: 1.1,
    stretch: 0.85,
    read: (results) => measured(results, startUp, "createTracing", "cpuRatio"),
  },
  {
    operation: "memory at start",
    peer: "dd-trace: init",
    unit: "MiB more",
    gate: 5,
    stretch: 0,
    read: (results) => measured(results, startUp, "createTracing", "moreMiB"),
  },
  {
    operation: "idle for 90 s",
    peer: "30 by dd-trace as it comes",
    unit: "requests",
    gate: 10,
    read: idleTraffic("requests"),
  },
  {
    operation: "idle for 90 s",
    peer: "85 KB by dd-trace as it comes",
    unit: "bytes",
    gate: 20_000,
    read: idleTraffic("bytes"),
  },
  {
    operation: "p99 of a request while the Agent is gone",
    peer: "the same with the Agent there",
    unit: "×",
    gate: 1.05,
    read: agentGone,
  },
  {
    operation: "a run of 10 steps and 5 tools",
    peer: "dd-trace and its DogStatsD client by hand",
    unit: "×",
    gate: 1.3,
    read: runRatio("ratio"),
  },
  {
    operation: "the same, metrics thrown away by both",
    peer: "dd-trace by hand",
    unit: "×",
    gate: 1.3,
    read: runRatio("ratioWithoutMetrics"),
  },
];
