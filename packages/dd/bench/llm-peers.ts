import { createRequire } from "node:module";
import { join } from "node:path";

/** A model call with what is known of it, in the words of the peers. */
export interface PeerCall {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly answer: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Other tools for the same purpose, in one process with ours. */
export interface Peers {
  readonly langfuse: (call: PeerCall, showsContent: boolean) => void;
  readonly langfuseActive: (call: PeerCall, showsContent: boolean) => void;
  readonly openLLMetry: (call: PeerCall) => unknown;
  readonly flush: () => Promise<void>;
}

interface LangfuseObservation {
  update(attributes: object): LangfuseObservation;
  end(): void;
}
interface Langfuse {
  startObservation(name: string, attributes: object, options: object): LangfuseObservation;
  startActiveObservation(
    name: string,
    fn: (observation: LangfuseObservation) => void,
    options: object,
  ): void;
}
interface Traceloop {
  initialize(options: object): void;
  withLLMCall(
    options: object,
    fn: (call: {
      span: { reportRequest(request: object): void; reportResponse(response: object): void };
    }) => void,
  ): unknown;
  forceFlush(): Promise<void>;
}

/** Starts the peers, both of which send what they have to `url`, batched as they do by default. */
export function startPeers(installed: string, url: string): Peers {
  const load = createRequire(join(installed, "package.json"));
  const { NodeTracerProvider, BatchSpanProcessor } = load("@opentelemetry/sdk-trace-node");
  const { OTLPTraceExporter } = load("@opentelemetry/exporter-trace-otlp-proto");
  const { LangfuseSpanProcessor } = load("@langfuse/otel");
  const langfuse: Langfuse = load("@langfuse/tracing");
  const traceloop: Traceloop = load("@traceloop/node-server-sdk");
  const processor = new LangfuseSpanProcessor({
    publicKey: "pk-lf-bench",
    secretKey: "sk-lf-bench",
    baseUrl: url,
  }) as { forceFlush(): Promise<void> };
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  load("@langfuse/tracing").setLangfuseTracerProvider(provider);
  const batches = new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces` }), {
    maxQueueSize: 16_384,
    maxExportBatchSize: 512,
  });
  // Its own configuration of the OpenTelemetry SDK is the global one, as in an application.
  traceloop.initialize({
    appName: "bench",
    processor: batches,
    instrumentModules: {},
    silenceInitializationMessage: true,
    traceloopSyncEnabled: false,
    telemetryEnabled: false,
  });
  const described = (call: PeerCall, showsContent: boolean): object => ({
    model: call.model,
    ...(showsContent ? { input: call.messages } : {}),
  });
  const outcome = (call: PeerCall, showsContent: boolean): object => ({
    ...(showsContent ? { output: call.answer } : {}),
    usageDetails: { input: call.inputTokens, output: call.outputTokens },
    costDetails: { input: 0.0025, output: 0.0002 },
    metadata: { finish_reason: "stop" },
  });
  return {
    langfuse: (call, shows) => {
      const observation = langfuse.startObservation("llm.request", described(call, shows), {
        asType: "generation",
      });
      observation.update(outcome(call, shows)).end();
    },
    langfuseActive: (call, shows) => {
      langfuse.startActiveObservation(
        "llm.request",
        (observation) => {
          observation.update({ ...described(call, shows), ...outcome(call, shows) });
        },
        { asType: "generation" },
      );
    },
    openLLMetry: (call) =>
      traceloop.withLLMCall({ vendor: "openai", type: "chat" }, ({ span }) => {
        span.reportRequest({ model: call.model, messages: call.messages });
        span.reportResponse({
          model: call.model,
          usage: {
            prompt_tokens: call.inputTokens,
            completion_tokens: call.outputTokens,
            total_tokens: call.inputTokens + call.outputTokens,
          },
          completions: [
            { finish_reason: "stop", message: { role: "assistant", content: call.answer } },
          ],
        });
      }),
    flush: async () => {
      await Promise.all([processor.forceFlush(), batches.forceFlush()]);
    },
  };
}
