// Runs every exit of an OpenAI chat stream bare and through the wrapper of one peer, in a process of its own, and
// sends what differs to the process that started it. The peers are installed beside a copy of this file.
//
// node --expose-gc --conditions=@llmdevops/source wrapper-exits.mjs PEER REPOSITORY
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [peerName, repository] = process.argv.slice(2);
const peerModule = createRequire(import.meta.url);
const source = (path) => import(pathToFileURL(`${repository}/${path}`).href);
const { startProviderServer, startTestAgent } = await source("packages/dd-testing/src/index.ts");

const request = {
  model: "gpt-4o",
  messages: [{ role: "user", content: "What is observability?" }],
  stream: true,
  stream_options: { include_usage: true },
};
const reply = {
  text: "one two three four five",
  chunks: 5,
  usage: { inputTokens: 121, outputTokens: 31 },
};
const held = {
  ...reply,
  gate: (chunk) => (chunk === 3 ? new Promise(() => {}) : undefined),
};
const hasContent = (chunk) => Boolean(chunk.choices?.[0]?.delta?.content);

/** @type {{ name: string, reply: object, run: Function, completed?: boolean }[]} */
const exits = [
  {
    name: "completion",
    reply,
    completed: true,
    run: async (stream, see) => {
      for await (const chunk of stream) see(chunk);
    },
  },
  {
    name: "break",
    reply: held,
    run: async (stream, see) => {
      for await (const chunk of stream) {
        see(chunk);
        if (hasContent(chunk)) break;
      }
    },
  },
  {
    name: "consumer error",
    reply: held,
    run: async (stream, see) => {
      for await (const chunk of stream) {
        see(chunk);
        if (hasContent(chunk)) throw new TypeError("of the consumer");
      }
    },
  },
  {
    name: "abort signal",
    reply: held,
    run: async (stream, see, abort) => {
      for await (const chunk of stream) {
        see(chunk);
        if (hasContent(chunk)) abort.abort();
      }
    },
  },
  {
    name: "error in the stream",
    reply: { ...reply, midStreamError: { kind: "overloaded", afterChunks: 2 } },
    run: async (stream, see) => {
      for await (const chunk of stream) see(chunk);
    },
  },
  {
    name: "connection breaks",
    reply: { ...reply, truncateAfterChunks: 2, cutConnection: true },
    run: async (stream, see) => {
      for await (const chunk of stream) see(chunk);
    },
  },
  { name: "never read", reply, run: async () => {} },
];

/** One OpenTelemetry provider for the peers that are built on it. */
async function openTelemetry() {
  const { NodeTracerProvider } = peerModule("@opentelemetry/sdk-trace-node");
  const { InMemorySpanExporter, SimpleSpanProcessor } = peerModule("@opentelemetry/sdk-trace-base");
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  const take = () => {
    const spans = exporter.getFinishedSpans().map(({ attributes, status, events }) => ({
      text: JSON.stringify({ attributes, events }),
      isError: status.code === 2,
    }));
    exporter.reset();
    return spans;
  };
  return { provider, take };
}

/** Each gives `OpenAI`, `wrap(client)` and `take()`, which gives the spans that have ended since it was last called. */
const peers = {
  async "@llmdevops/dd"() {
    const { createClient, instrumentOpenAI, silentLogger } = await source(
      "packages/dd/src/index.ts",
    );
    const agent = await startTestAgent();
    const datadog = createClient({
      service: "comparison",
      agent: { url: agent.url },
      logger: silentLogger,
    });
    return {
      OpenAI: peerModule("openai").OpenAI,
      wrap: (client) => instrumentOpenAI(client, { llm: datadog }),
      async take() {
        await datadog.flush();
        const spans = agent.spans();
        agent.clear();
        return spans.map(({ meta, metrics, error }) => ({
          text: JSON.stringify({ meta, metrics }),
          isError: error === 1,
        }));
      },
    };
  },
  async "dd-trace"() {
    const agent = await startTestAgent();
    const tracer = peerModule("dd-trace").init({
      service: "comparison",
      url: agent.url,
      flushInterval: 50,
      startupLogs: false,
      llmobs: { mlApp: "comparison", agentlessEnabled: false },
    });
    tracer.use("http", false);
    return {
      OpenAI: peerModule("openai").OpenAI,
      wrap: (client) => client,
      async take() {
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        const spans = agent.spans().filter(({ name }) => name.startsWith("openai"));
        const observed = JSON.stringify(agent.llmobsSpans().map(({ metrics }) => metrics));
        agent.clear();
        return spans.map(({ meta, metrics, error }) => ({
          text: JSON.stringify({ meta, metrics }) + observed,
          isError: error === 1,
        }));
      },
    };
  },
  async "@langfuse/openai"() {
    const { take } = await openTelemetry();
    const { observeOpenAI } = peerModule("@langfuse/openai");
    return { OpenAI: peerModule("openai").OpenAI, wrap: (client) => observeOpenAI(client), take };
  },
  async "@traceloop/instrumentation-openai"() {
    const { provider, take } = await openTelemetry();
    const { OpenAIInstrumentation } = peerModule("@traceloop/instrumentation-openai");
    return instrumentedClass(new OpenAIInstrumentation(), provider, take);
  },
  async "@arizeai/openinference-instrumentation-openai"() {
    const { provider, take } = await openTelemetry();
    const { OpenAIInstrumentation } = peerModule("@arizeai/openinference-instrumentation-openai");
    return instrumentedClass(new OpenAIInstrumentation(), provider, take);
  },
  async langsmith() {
    const { wrapOpenAI } = peerModule("langsmith/wrappers");
    let ended = [];
    const client = {
      createRun: async (run) => {
        if (run.end_time !== undefined) ended.push(run);
      },
      updateRun: async (_id, run) => {
        if (run.end_time !== undefined) ended.push(run);
      },
      awaitPendingTraceBatches: async () => {},
    };
    return {
      OpenAI: peerModule("openai").OpenAI,
      wrap: (openai) => wrapOpenAI(openai, { client, tracingEnabled: true }),
      take() {
        const runs = ended;
        ended = [];
        return runs.map(({ error, outputs, extra, events }) => ({
          text: JSON.stringify({ outputs, extra, events }),
          isError: Boolean(error),
        }));
      },
    };
  },
  async braintrust() {
    const { wrapOpenAI, initLogger, _exportsForTestingOnly } = peerModule("braintrust");
    await _exportsForTestingOnly.simulateLoginForTests();
    const background = _exportsForTestingOnly.useTestBackgroundLogger();
    initLogger({ projectName: "comparison", projectId: "comparison" });
    return {
      OpenAI: peerModule("openai").OpenAI,
      wrap: (client) => wrapOpenAI(client),
      async take() {
        const rows = await background.drain();
        return rows
          .filter(({ metrics }) => metrics?.end !== undefined)
          .map(({ metrics, error, output }) => ({
            text: JSON.stringify({ metrics, output }),
            isError: Boolean(error),
          }));
      },
    };
  },
};

function instrumentedClass(instrumentation, provider, take) {
  instrumentation.setTracerProvider(provider);
  const { OpenAI } = peerModule("openai");
  return {
    OpenAI,
    take,
    /** The whole class is changed, so only once the bare runs are over. */
    prepare: () => instrumentation.manuallyInstrument(OpenAI),
    wrap: (client) => client,
  };
}

async function runExit(peer, exit, isWrapped) {
  const server = await startProviderServer({ now: () => 1_700_000_000_000 });
  server.enqueue(exit.reply);
  const bare = new peer.OpenAI({
    apiKey: "test",
    baseURL: server.baseUrls.openai,
    maxRetries: 0,
  });
  const client = isWrapped ? peer.wrap(bare) : bare;
  const seen = { chunks: [], error: undefined };
  const abort = new AbortController();
  await (async () => {
    const stream = await client.chat.completions.create(request, { signal: abort.signal });
    await exit.run(stream, (chunk) => seen.chunks.push(JSON.stringify(chunk)), abort);
  })().catch((error) => {
    seen.error = `${error?.constructor?.name}: ${String(error?.message).replaceAll(server.url, "")}`;
  });
  for (let attempt = 0; attempt < 30; attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    globalThis.gc?.();
  }
  const [received] = server.requests();
  const provider = `${received?.outcome} ${received?.abortedAtChunk ?? ""}`;
  await server.stop();
  return { seen, provider };
}

async function promiseExtras(peer) {
  const server = await startProviderServer();
  server.enqueue(reply, reply);
  const client = peer.wrap(
    new peer.OpenAI({ apiKey: "test", baseURL: server.baseUrls.openai, maxRetries: 0 }),
  );
  let withResponse = false;
  let isStream = false;
  try {
    const { response, data } = await client.chat.completions.create(request).withResponse();
    withResponse = response?.status === 200;
    for await (const _chunk of data);
  } catch {
    // It is not kept.
  }
  try {
    const stream = await client.chat.completions.create(request);
    isStream =
      typeof stream.tee === "function" &&
      typeof stream.toReadableStream === "function" &&
      stream.controller instanceof AbortController;
    for await (const _chunk of stream);
  } catch {
    // It is not kept.
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  await peer.take();
  await server.stop();
  return { withResponse, isStream };
}

/** What no application could have caught. */
const unhandled = [];
process.on("unhandledRejection", (error) => unhandled.push(String(error)));

const peer = await peers[peerName]();
/** dd-trace is active from the start, so the bare runs are made by ourselves in another process. */
const bareRuns = process.env.BARE_RUNS === undefined ? [] : JSON.parse(process.env.BARE_RUNS);
if (bareRuns.length === 0)
  for (const exit of exits) bareRuns.push(await runExit(peer, exit, false));
peer.prepare?.();
await peer.take();
const extras = await promiseExtras(peer);
const results = [];
for (const [index, exit] of exits.entries()) {
  const { seen, provider } = await runExit(peer, exit, true);
  const spans = await peer.take();
  const bare = bareRuns[index];
  const text = spans.map((span) => span.text).join("");
  results.push({
    name: exit.name,
    spans: spans.length,
    isError: spans.some((span) => span.isError),
    sameChunks: JSON.stringify(seen.chunks) === JSON.stringify(bare.seen.chunks),
    sameError: seen.error === bare.seen.error,
    sameProvider: provider === bare.provider,
    hasUsage: exit.completed !== true || (/\b121\b/.test(text) && /\b31\b/.test(text)),
  });
}
process.send?.({ extras, results, bareRuns, unhandled });
process.disconnect?.();
setTimeout(() => process.exit(0), 200);
