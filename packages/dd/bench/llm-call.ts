import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createTracing, type MetricsSink, silentLogger } from "@llmdevops/dd-core";
import { createLLM } from "@llmdevops/dd-llm";
import { type BenchCase, measure } from "@llmdevops/measure";
import tracer from "dd-trace";

/**
 * What one complete model call costs (span, content, usage, cost, metrics, LLM Observability) beside dd-trace's own
 * `llmobs.trace` and `annotate` with the same content and token counts. Nothing listens where the spans go to.
 */
const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});

const tracing = createTracing({
  service: "bench",
  agent: { url: "http://127.0.0.1:1" },
  llmobs: { enabled: true, mlApp: "bench" },
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
const withContent = createLLM({ tracing, metrics, content: { mode: "full" } });
const withoutContent = createLLM({ tracing, metrics });
const model = { provider: "openai", model: "gpt-4o", childOf: null } as const;
const messages = [
  { role: "system", content: "You answer in one short sentence." },
  { role: "user", content: "How long do refunds take?" },
];
const response = {
  model: "gpt-4o-2024-08-06",
  choices: [{ index: 0, message: { content: "Within 30 days." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1_000, completion_tokens: 20, total_tokens: 1_020 },
};

function repeated(run: () => unknown): BenchCase["run"] {
  return (count) => {
    for (let call = 0; call < count; call += 1) run();
  };
}

function withDdTrace(): void {
  tracer.llmobs.trace(
    { kind: "llm", name: "llm.request", modelName: "gpt-4o", modelProvider: "openai" },
    (span) => {
      tracer.llmobs.annotate(span, {
        inputData: messages,
        outputData: [{ role: "assistant", content: "Within 30 days." }],
        metrics: { inputTokens: 1_000, outputTokens: 20, totalTokens: 1_020 },
        metadata: { request_type: "chat", finish_reason: "stop" },
      });
    },
  );
}

const peer = "llmobs.trace + annotate";
const cases: BenchCase[] = [
  { name: peer, run: repeated(withDdTrace) },
  {
    name: "traceLLM, content none",
    peer,
    gate: 1.2,
    run: repeated(() =>
      withoutContent.traceLLM(model, (span) => span.setInput(messages).recordResponse(response)),
    ),
  },
  {
    name: "traceLLM, content full and redacted",
    peer,
    run: repeated(() =>
      withContent.traceLLM(model, (span) => span.setInput(messages).recordResponse(response)),
    ),
  },
];

const results = measure(cases, values.quick ? 5 : 21);
for (const { name, nanoseconds, ratio } of results) {
  const shown = ratio === undefined ? "" : `${ratio.toFixed(2)} x`;
  process.stdout.write(`${name.padEnd(40)} ${(nanoseconds / 1_000).toFixed(1)} us ${shown}\n`);
}
process.stdout.write(`${datapoints} metrics\n`);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`);
}
process.exit(0);
