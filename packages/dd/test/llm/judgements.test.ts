import { silentLogger } from "@llmdevops/dd-core";
import { startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient, type DatadogAPMClient } from "../../src/index.ts";

let agent: TestAgent;
let client: DatadogAPMClient;

beforeAll(async () => {
  agent = await startTestAgent();
  client = createClient({
    service: "judgements",
    agent: { url: agent.url },
    llmobs: { enabled: true, mlApp: "assistant" },
    logger: silentLogger,
  });
});

afterAll(async () => {
  await client.shutdown();
  await agent.stop();
});

const model = { provider: "openai", model: "gpt-4o" } as const;

function faults(reason: string): number {
  return client.health().faults[reason] ?? 0;
}

test("evaluations and feedback arrive at the span that they judge, also after its end", async () => {
  const span = client.startLLMSpan("llm.request", model);
  const reference = client.exportSpan(span);
  span.finish();
  client.recordEvaluation(span, {
    label: "answer.grounded",
    value: 0.92,
    assessment: "pass",
    reasoning: "cites sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789",
    metadata: { judge: "gpt-4o" },
    tags: { team: "search" },
  });
  client.recordEvaluation(reference ?? { traceId: "", spanId: "" }, {
    label: "tone",
    value: "calm",
  });
  client.recordFeedback({ span, label: "helpful", value: true, submitter: { id: "user-7" } });
  client.recordFeedback({
    sessionId: "s-1",
    label: "comment",
    metricType: "text",
    value: "mail jane.doe@example.com",
    submitter: { id: "user-7", type: "customer" },
  });
  await client.flush();

  await agent.waitFor({ llmobsSpans: 1, evaluations: 4 });
  const received = agent.evaluations();
  const bodies = JSON.stringify(received);
  expect(bodies).not.toContain("sk-ant-api03");
  expect(bodies).not.toContain("jane.doe@example.com");
  const [observed] = agent.llmobsSpans();
  expect(reference?.spanId).toBe(span.spanId);
  for (const expected of [
    { label: "answer_grounded", metric_type: "score", score_value: 0.92, assessment: "pass" },
    { label: "tone", metric_type: "categorical", categorical_value: "calm" },
    { label: "helpful", metric_type: "boolean", boolean_value: true },
    { label: "comment", metric_type: "text" },
  ]) {
    expect(bodies).toContain(JSON.stringify(expected.label));
  }
  expect(bodies).toContain(String(observed?.spanId));
});

test("what cannot be sent is counted and never thrown", () => {
  const span = client.startLLMSpan("llm.request", model);
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error("trap");
      },
      ownKeys: () => {
        throw new Error("trap");
      },
    },
  );

  client.recordEvaluation(span, { label: "", value: 1 });
  client.recordEvaluation(span, { label: "score", value: Number.NaN });
  client.recordEvaluation(span, { label: "score", value: "high", metricType: "score" });
  client.recordEvaluation(span, hostile as never);
  client.recordEvaluation({ traceId: "", spanId: "" }, { label: "x", value: 1 });
  client.recordEvaluation(client.startSpan("web.request"), { label: "x", value: 1 });
  client.recordEvaluation(undefined as never, { label: "x", value: 1 });
  client.recordFeedback({ label: "x", value: 1, submitter: { id: "u" } });
  client.recordFeedback({
    label: "x",
    value: 1,
    sessionId: "s",
    traceId: "t",
    submitter: { id: "u" },
  });
  client.recordFeedback({
    span: client.startSpan("web.request"),
    label: "x",
    value: 1,
    submitter: { id: "u" },
  });
  client.recordFeedback(hostile as never);
  client.recordFeedback(null as never);
  span.finish();

  expect(faults("llmobs_evaluation_refused")).toBe(5);
  expect(faults("llmobs_evaluation_without_span")).toBe(2);
  expect(faults("llmobs_feedback_refused")).toBe(4);
  expect(faults("llmobs_feedback_without_span")).toBe(1);
});
