import { createTracing, silentLogger } from "@llmdevops/dd-core";
import { createLLM } from "@llmdevops/dd-llm";
import { startTestAgent } from "@llmdevops/dd-testing";
import { expect, test } from "vitest";

/** A different secret for each place, so that a leak says where it is. */
class SecretPlanter {
  readonly #places: string[] = [];

  /** A text with a secret in it that every rule set knows. */
  plant(place: string): string {
    this.#places.push(place);
    return `${place} key ${this.#secret(this.#places.length - 1)} end`;
  }

  /** The places whose secrets are found. */
  leaksIn(text: string): string[] {
    return this.#places.filter((_, index) => text.includes(this.#secret(index)));
  }

  get count(): number {
    return this.#places.length;
  }

  #secret(index: number): string {
    return `sk-ant-api03-${String(index).padStart(4, "0")}AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCd`;
  }
}

test("no secret in any field of LLM Observability reaches the Agent", async () => {
  const agent = await startTestAgent();
  const tracing = createTracing({
    service: "secrets",
    agent: { url: agent.url },
    llmobs: { enabled: true, mlApp: "assistant" },
    logger: silentLogger,
  });
  const llm = createLLM({ tracing, content: { mode: "full" } });
  const planter = new SecretPlanter();
  const secret = (place: string) => planter.plant(place);

  const call = llm.startLLMSpan(secret("span name"), {
    provider: secret("provider"),
    model: secret("model"),
    sessionId: secret("session"),
    userId: secret("user"),
    mlApp: secret("ml app"),
    tags: { note: secret("tag"), [secret("tag key")]: 1 },
    metricTags: { team: secret("metric tag") },
    costTags: ["team", secret("cost tag")],
    parameters: { stop: secret("parameter") },
    prompt: {
      id: secret("prompt id"),
      version: secret("prompt version"),
      template: [{ role: "system", content: secret("template") }],
      variables: {
        name: secret("variable"),
        [secret("variable key")]: "x",
        nested: { deep: secret("nested variable") },
      },
      tags: { kind: secret("prompt tag") },
      contextVariables: [secret("context variable")],
      queryVariables: [secret("query variable")],
    },
    toolDefinitions: [
      {
        name: secret("tool name"),
        description: secret("tool description"),
        schema: {
          properties: {
            q: { description: secret("tool schema"), default: [secret("tool default")] },
          },
        },
        version: secret("tool version"),
      },
    ],
  });
  call.setInput([
    { role: "system", content: secret("system prompt") },
    { role: "user", content: [{ type: "text", text: secret("message") }] },
    {
      role: "assistant",
      tool_calls: [
        {
          id: secret("call id"),
          function: {
            name: secret("called tool"),
            arguments: JSON.stringify({ q: secret("argument") }),
          },
        },
      ],
    },
    {
      role: "tool",
      tool_call_id: "t",
      name: secret("result name"),
      content: secret("tool result"),
    },
  ]);
  call.setOutput({
    choices: [
      {
        index: 0,
        message: {
          content: secret("answer"),
          tool_calls: [
            {
              id: "t",
              function: { name: "n", arguments: JSON.stringify({ q: secret("answer argument") }) },
            },
          ],
        },
      },
    ],
  });
  call.setFinishReason(secret("finish reason"));
  tracing.annotate(call, {
    metadata: {
      note: secret("metadata"),
      list: [{ deep: secret("deep metadata") }],
      [secret("metadata key")]: 1,
    },
    metrics: { [secret("metric key")]: 1 },
    tags: { extra: secret("annotation tag") },
  });
  call.setError(new Error(secret("error"), { cause: new Error(secret("cause")) }));
  call.addEvent(secret("event"), { note: secret("event attribute") });
  call.finish();

  const retrieval = llm.startRetrievalSpan(secret("retrieval name"), {
    metadata: { index: secret("index") },
  });
  retrieval.setInput(secret("query"));
  retrieval.setOutput([
    { text: secret("document"), name: secret("document name"), id: secret("document id") },
  ]);
  retrieval.finish();
  llm
    .startEmbeddingSpan("llm.embed", { provider: "p", model: "m" })
    .setInput([secret("embedded")])
    .finish();
  const task = llm.startTaskSpan("task").setInput({ deep: { value: secret("task input") } });
  task.setOutput(secret("task output")).setError(new TypeError(secret("task error")));
  task.finish();
  const streamed = llm.startLLMSpan("llm.request", { provider: "openai", model: "gpt-4o" });
  streamed.setInput({
    systemInstruction: secret("system instruction"),
    contents: [
      {
        role: secret("role"),
        parts: [
          { inlineData: { mimeType: secret("media type"), data: secret("media") } },
          { functionResponse: { name: "f", response: { deep: [secret("function response")] } } },
        ],
      },
    ],
  });
  streamed.recordRetry(new Error(secret("retried error")));
  streamed.setError(new Error(secret("handled error")), { handled: true });
  const halves = secret("streamed answer");
  const chunk = (delta: object) => ({ choices: [{ index: 0, delta }] });
  async function* chunks() {
    // A secret is often cut in two by a stream.
    yield chunk({ content: halves.slice(0, 45) });
    yield chunk({ content: halves.slice(45) });
    yield chunk({
      tool_calls: [
        {
          index: 0,
          id: secret("streamed call id"),
          function: { name: secret("streamed tool"), arguments: '{"q":"' },
        },
      ],
    });
    yield chunk({
      tool_calls: [{ index: 0, function: { arguments: `${secret("streamed argument")}"}` } }],
    });
    throw Object.assign(new Error(secret("stream error")), { code: secret("stream error code") });
  }
  const drain = async () => {
    for await (const _ of streamed.observe(chunks()));
  };
  await expect(drain()).rejects.toThrow("stream error");
  llm
    .startRerankSpan("llm.rerank", { provider: "cohere", model: "rerank-v3" })
    .setInput({ query: secret("rerank query"), documents: [secret("rerank document")] })
    .setOutput({ results: [{ document: { text: secret("reranked document") } }] })
    .finish();
  const workflow = llm.startWorkflowSpan("workflow", {
    sessionId: secret("workflow session"),
    metadata: { step: secret("workflow metadata") },
  });
  workflow.setInput([{ deep: secret("workflow input") }]).setOutput(secret("workflow output"));
  workflow.finish();
  llm.recordEvaluation(call, {
    label: secret("label"),
    value: secret("value"),
    reasoning: secret("reasoning"),
    tags: { by: secret("evaluation tag") },
    metadata: { note: secret("evaluation metadata") },
  });
  llm.recordFeedback({
    sessionId: secret("feedback session"),
    label: "x",
    value: { deep: secret("feedback value") },
    submitter: { id: secret("submitter"), type: secret("submitter type") },
  });
  await tracing.flush();
  await agent.waitFor({ llmobsSpans: 7, evaluations: 2, spans: 7 });

  const received = [agent.llmobsSpans(), agent.evaluations(), agent.spans()];
  const arrived = JSON.stringify(received, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  await tracing.shutdown();
  await agent.stop();
  expect(planter.count).toBeGreaterThan(65);
  expect(planter.leaksIn(arrived)).toEqual([]);
  // What is around the secrets arrives, or nothing would have been tested.
  for (const place of [
    "message",
    "tool schema",
    "variable",
    "metadata",
    "document",
    "argument",
    "reasoning",
    "streamed answer",
    "streamed argument",
    "function response",
    "workflow input",
    "reranked document",
  ]) {
    expect(arrived, place).toContain(`${place} key `);
  }
}, 20_000);
