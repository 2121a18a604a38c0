import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createTracing, type MetricsSink, silentLogger } from "@llmdevops/dd-core";
import { createLLM } from "@llmdevops/dd-llm";
import { type Contender, installedPeers, interleaved, tableOf } from "@llmdevops/measure";
import tracer from "dd-trace";
import { type PeerCall, startPeers } from "./llm-peers.ts";

/**
 * What one complete model call costs (span, usage, cost, metrics): with LLM Observability beside dd-trace's own
 * `llmobs.trace` and `annotate`, and without it beside Langfuse and OpenLLMetry, which are installed on demand. Each
 * group has a process of its own, since dd-trace is configured once; everything is exported to a third process.
 */
const { values } = parseArgs({
  options: {
    json: { type: "string" },
    quick: { type: "boolean", default: false },
    group: { type: "string" },
  },
});
const rounds = values.quick ? 5 : 21;
/** Of one sample; LLM Observability is handed 950 events a second at most, which a larger one would wait for. */
const batch = values.group === "observed" ? 400 : values.quick ? 1_000 : 2_000;

const call: PeerCall = {
  model: "gpt-4o",
  messages: [
    { role: "system", content: "You answer in one short sentence." },
    { role: "user", content: "How long do refunds take?" },
  ],
  answer: "Within 30 days.",
  inputTokens: 1_000,
  outputTokens: 20,
};
const options = { provider: "openai", model: call.model, childOf: null } as const;
const response = {
  model: "gpt-4o-2024-08-06",
  choices: [{ index: 0, message: { content: call.answer }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1_000, completion_tokens: 20, total_tokens: 1_020 },
};

const requestTags = {
  "resource.name": "chat gpt-4o",
  "span.type": "llm",
  "span.kind": "client",
  "manual.keep": true,
  "llm.provider": "openai",
  "llm.model": "gpt-4o",
  "llm.request_type": "chat",
  "peer.service": "openai",
};
const answerTags = {
  "llm.streaming": false,
  "llm.input_tokens": 1_000,
  "llm.output_tokens": 20,
  "llm.total_tokens": 1_020,
  "llm.finish_reason": "stop",
  "llm.response_model": "gpt-4o-2024-08-06",
  "llm.cost.input_usd": 0.0025,
  "llm.cost.output_usd": 0.0002,
  "llm.cost.total_usd": 0.0027,
  "llm.cost.source": "genai-prices",
  "llm.cost.price_date": "2026-09-23",
};

function repeat(operation: () => unknown): Contender["run"] {
  return (count) => {
    for (let index = 0; index < count; index += 1) operation();
  };
}

/** The same operations until the receiver has answered. */
function exported(operation: () => unknown, flush: () => Promise<unknown>): Contender["run"] {
  return async (count) => {
    for (let index = 0; index < count; index += 1) operation();
    await flush();
  };
}

async function measureGroup(group: string): Promise<object[]> {
  const sink = fork(new URL("./llm-sink.ts", import.meta.url), { execArgv: [] });
  const [port] = (await once(sink, "message")) as [number];
  const url = `http://127.0.0.1:${port}`;
  const isObserved = group === "observed";
  const tracing = createTracing({
    service: "bench",
    agent: { url },
    llmobs: { enabled: isObserved, mlApp: "bench" },
    logger: silentLogger,
  });
  let datapoints = 0;
  const record = (): void => {
    datapoints += 1;
  };
  const metrics: MetricsSink = {
    increment: record,
    gauge: record,
    histogram: record,
    distribution: record,
  };
  const without = createLLM({ tracing, metrics });
  const withContent = createLLM({ tracing, metrics, content: { mode: "full" } });
  const withPreview = createLLM({ tracing, metrics, content: { mode: "preview" } });
  const traced = (llm: typeof without) => () =>
    llm.traceLLM(options, (span) => span.setInput(call.messages).recordResponse(response));
  const started = () => {
    const span = without.startLLMSpan("llm.request", options);
    span.recordResponse(response).finish();
  };
  const flush = () => tracing.flush();
  const tables: (readonly [title: string, cases: Contender[]])[] = [];

  if (isObserved) {
    const raw = (content: "with" | "without") => () => {
      tracer.llmobs.trace(
        { kind: "llm", name: "llm.request", modelName: call.model, modelProvider: "openai" },
        (span) => {
          tracer.llmobs.annotate(span, {
            ...(content === "with"
              ? {
                  inputData: call.messages as never,
                  outputData: [{ role: "assistant", content: call.answer }],
                }
              : {}),
            metrics: { inputTokens: 1_000, outputTokens: 20, totalTokens: 1_020 },
            metadata: { request_type: "chat", finish_reason: "stop" },
          });
        },
      );
    };
    /** What we tell of a call, written with dd-trace by hand and unguarded: what no adapter can go below. */
    const byHand = () => {
      tracer.llmobs.trace(
        { kind: "llm", name: "llm.request", modelName: call.model, modelProvider: "openai" },
        (span) => {
          span.addTags({ ...requestTags, ...answerTags });
          tracer.llmobs.annotate(span, {
            metrics: {
              input_tokens: 1_000,
              output_tokens: 20,
              total_tokens: 1_020,
              cache_read_input_tokens: 0,
              input_cost: 0.0025,
              output_cost: 0.0002,
              total_cost: 0.0027,
            },
            metadata: {
              request_type: "chat",
              streaming: false,
              finish_reason: "stop",
              response_model: "gpt-4o-2024-08-06",
            },
          });
        },
      );
    };
    const peer = "dd-trace: llmobs.trace + annotate, content";
    const bare = "dd-trace: llmobs.trace + annotate, no content";
    const cases = [
      { name: peer, run: raw("with") },
      { name: bare, peer, run: raw("without") },
      { name: "dd-trace: what traceLLM tells, by hand", peer, run: byHand },
      { name: "traceLLM, content none", peer, gate: 1.2, run: traced(without) },
      { name: "traceLLM, content full and redacted", peer, run: traced(withContent) },
    ];
    tables.push(
      [
        "A model call with LLM Observability",
        cases.map(({ run, ...rest }) => ({
          ...rest,
          count: batch,
          prepare: flush,
          run: repeat(run),
        })),
      ],
      [
        "The same until the receiver has answered",
        cases.map(({ run, ...rest }) => ({ ...rest, count: batch, run: exported(run, flush) })),
      ],
    );
  } else {
    const installed = installedPeers();
    if (installed === undefined) return [];
    const peers = startPeers(installed.folder, url);
    const langfuse = "Langfuse: startObservation";
    const active = "Langfuse: startActiveObservation";
    const shown = "Langfuse: startObservation, content";
    const cases = [
      { name: langfuse, run: () => peers.langfuse(call, false), flush: peers.flush },
      { name: "startLLMSpan, content none", peer: langfuse, gate: 0.9, run: started, flush },
      { name: active, peer: langfuse, run: () => peers.langfuseActive(call, false) },
      { name: "traceLLM, content none", peer: active, gate: 0.9, run: traced(without), flush },
      { name: shown, peer: langfuse, run: () => peers.langfuse(call, true), flush: peers.flush },
      {
        name: "OpenLLMetry: withLLMCall, content",
        peer: langfuse,
        run: () => peers.openLLMetry(call),
        flush: peers.flush,
      },
      {
        name: "traceLLM, content as preview, redacted",
        peer: "OpenLLMetry: withLLMCall, content",
        run: traced(withPreview),
        flush,
      },
    ];
    tables.push(
      [
        "A model call without LLM Observability",
        cases.map(({ run, flush: own = peers.flush, ...rest }) => ({
          ...rest,
          count: batch,
          prepare: own,
          run: repeat(run),
        })),
      ],
      [
        "The same until the receiver has answered",
        cases.map(({ run, flush: own = peers.flush, ...rest }) => ({
          ...rest,
          count: batch,
          run: exported(run, own),
        })),
      ],
    );
  }

  const results = [];
  for (const [title, cases] of tables) {
    const outcomes = await interleaved(cases, rounds);
    results.push({ title, outcomes });
    process.stdout.write(tableOf(title, outcomes));
  }
  process.stdout.write(
    `${datapoints} metrics, faults: ${JSON.stringify(tracing.health().faults)}\n\n`,
  );
  sink.disconnect();
  return results;
}

if (values.group === undefined) {
  const results: unknown[] = [];
  for (const group of ["observed", "peers"]) {
    const file = `${values.json}.${group}`;
    const passedOn = values.quick ? ["--quick"] : [];
    const json = values.json === undefined ? [] : ["--json", file];
    spawnSync(
      process.execPath,
      [...process.execArgv, fileURLToPath(import.meta.url), "--group", group, ...passedOn, ...json],
      { stdio: "inherit" },
    );
    if (!existsSync(file)) continue;
    results.push(...JSON.parse(readFileSync(file, "utf8")).results);
    rmSync(file);
  }
  if (values.json !== undefined) writeResults(values.json, results);
} else {
  const results = await measureGroup(values.group);
  if (values.json !== undefined) writeResults(values.json, results);
  // dd-trace keeps sockets and timers of its own.
  process.exit(0);
}

function writeResults(file: string, results: readonly unknown[]): void {
  writeFileSync(file, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`);
}
