import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createTracing, type MetricsSink, silentLogger } from "@llmdevops/dd-core";
import { createLLM } from "@llmdevops/dd-llm";
import { type Contender, installedPeers, interleaved, tableOf } from "@llmdevops/measure";
import { type AlonePeer, startAlonePeer } from "./llm-alone-peer.ts";
import { call, options, response } from "./llm-case.ts";
import { exported, observedTables, repeat } from "./llm-observed.ts";
import { startPeers } from "./llm-peers.ts";

/**
 * What one complete model call costs (span, usage, cost, metrics): with LLM Observability beside dd-trace's own
 * `llmobs.trace` and `annotate`, and without it beside Langfuse and OpenLLMetry, which are installed on demand. Each
 * group has a process of its own, since dd-trace is configured once, and so has dd-trace alone; everything is exported
 * to a further process.
 */
const { values } = parseArgs({
  options: {
    json: { type: "string" },
    quick: { type: "boolean", default: false },
    group: { type: "string" },
  },
});
const rounds = values.quick ? 2 : values.group === "observed" ? 7 : 15;
/** Of one sample. */
const batch = values.quick ? 1_000 : 2_000;

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

  let alone: AlonePeer | undefined;
  if (isObserved) {
    alone = await startAlonePeer(url);
    tables.push(
      ...(await observedTables({
        tracing,
        withoutContent: without,
        withContent,
        alone,
        batch: values.quick ? 250 : 900,
      })),
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
    const outcomes = await interleaved(cases, rounds, alone?.clock);
    results.push({ title, outcomes });
    process.stdout.write(tableOf(title, outcomes));
  }
  process.stdout.write(
    `${datapoints} metrics, faults: ${JSON.stringify(tracing.health().faults)}\n\n`,
  );
  alone?.stop();
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
