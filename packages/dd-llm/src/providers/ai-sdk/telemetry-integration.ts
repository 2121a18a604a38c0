import { classifyLLMError } from "../../errors/error-class.ts";
import {
  arrayAt,
  isRecord,
  jsonText,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "../../formats/unknown-record.ts";
import type { OperationSpan } from "../../operation/operation-span.ts";
import { readCallParameters, readCamelCaseParameters } from "../call-parameters.ts";
import type { ResolvedInstrumentation } from "../instrumentation-options.ts";
import { type ModelRequest, quietly } from "../observed-model-call.ts";
import { aiSDKMessages } from "./ai-sdk-messages.ts";
import { AISDKOperation } from "./ai-sdk-operation.ts";
import type { AISDKRecorder } from "./ai-sdk-options.ts";
import { providerOfAISDK } from "./ai-sdk-provider.ts";
import { BoundedMap } from "./bounded-map.ts";

/** What `registerTelemetry` of AI SDK 7 takes, as far as it is used here. No method throws. */
export interface AISDKTelemetryIntegration {
  /** Starts the span of an operation, such as `ai.generateText`. */
  onStart(event: object): void;
  /** Ends the span of an operation with its text or object. */
  onEnd(event: object): void;
  /** Ends the span of an operation that the application, or a time limit, has aborted. */
  onAbort(event: object): void;
  /** Ends the span of an operation that failed. */
  onError(event: unknown): void;
  /** Starts the span of a tool call of an operation. */
  onToolExecutionStart(event: object): void;
  /** Ends the span of a tool call with its output or error. */
  onToolExecutionEnd(event: object): void;
  /** Runs and records one model call; `execute` runs in any case, and what it gives is handed on as it is. */
  executeLanguageModelCall<T>(options: {
    readonly callId: string;
    readonly execute: () => PromiseLike<T>;
  }): PromiseLike<T>;
  /** Runs a tool with its span as the active one. */
  executeTool<T>(options: {
    readonly callId: string;
    readonly toolCallId: string;
    readonly execute: () => PromiseLike<T>;
  }): PromiseLike<T>;
  /** Starts the span of one embedding call. */
  onEmbedStart(event: object): void;
  /** Ends the span of an embedding call with its usage. */
  onEmbedEnd(event: object): void;
  /** Starts the span of a model call of `generateObject` or `streamObject`. */
  onObjectStepStart(event: object): void;
  /** Ends the span of such a call with its answer and usage. */
  onObjectStepEnd(event: object): void;
  /** Starts the span of one reranking call. */
  onRerankStart(event: object): void;
  /** Ends the span of a reranking call. */
  onRerankEnd(event: object): void;
}

/** Operations and tools that are under way at most; of more the oldest are ended. */
const maximumOpen = 10_000;

/**
 * Ends `streamObject` whose stream broke or was dropped, of which the SDK tells nothing: what its model was asked with
 * lives as long as the stream.
 */
const dropped = new FinalizationRegistry<AISDKOperation>((operation) => operation.leave());

/** Makes the integration of one recorder. */
export function telemetryIntegration(
  recorder: AISDKRecorder,
  instrumentation: ResolvedInstrumentation,
): AISDKTelemetryIntegration {
  const operations = new BoundedMap<AISDKOperation>(maximumOpen, (operation) => operation.finish());
  const tools = new BoundedMap<OperationSpan>(maximumOpen, (tool) => tool.finish());
  /** Records model calls outside of any operation. */
  const alone: AISDKRecorder = {
    startLLMSpan: (name, options) => recorder.startLLMSpan(name, options),
    ...(recorder.withSpan === undefined ? {} : { withSpan: recorder.withSpan.bind(recorder) }),
  };
  const on =
    (observe: (event: UnknownRecord) => void) =>
    (event: unknown): void =>
      quietly(() => {
        if (isRecord(event)) observe(event);
      });
  const operationOf = (event: UnknownRecord) => operations.get(String(event["callId"]));
  const end = (event: UnknownRecord) => operations.take(String(event["callId"]));
  const start = (event: UnknownRecord, name: string) =>
    new AISDKOperation(
      {
        name,
        input: inputOf(event),
        onEnd: () => void operations.take(String(event["callId"])),
        ...(isPrivate(event) ? { content: "metadata" as const } : {}),
        ...(typeof event["functionId"] === "string" ? { functionId: event["functionId"] } : {}),
      },
      recorder,
      instrumentation,
    );
  const begin = (event: UnknownRecord, request: Partial<ModelRequest>) =>
    operationOf(event)?.callStarted(callKey(event), {
      ...requestOf(event, instrumentation),
      ...request,
    });
  const settle = (event: UnknownRecord, answer: UnknownRecord) =>
    operationOf(event)?.callEnded(callKey(event), answer);
  return {
    onStart: on((event) => {
      const name = textAt(event, "operationId") ?? "ai.generateText";
      operations.set(String(event["callId"]), start(event, name));
      // These two are one model call, of which no further event tells.
      if (name === "ai.generateSpeech" || name === "ai.transcribe") {
        begin(event, { requestType: "audio" });
      }
    }),
    onEnd: on((event) => {
      settle(event, audioAnswer(event));
      const { error } = event;
      if (error !== undefined) end(event)?.fail(error);
      else end(event)?.finish(outputOf(event));
    }),
    onAbort: on((event) => {
      const { reason } = event;
      // A time limit is no decision of the application.
      if (classifyLLMError(reason) === "timeout") end(event)?.fail(reason);
      else end(event)?.abort();
    }),
    onError: on((event) => end(event)?.fail(event["error"])),
    onToolExecutionStart: on((event) => {
      const call = recordAt(event, "toolCall");
      const { toolName, toolCallId, input } = call;
      const span = operationOf(event)?.startTool(String(toolName), input, toolCallId);
      if (span !== undefined) tools.set(toolKey(event["callId"], toolCallId), span);
    }),
    onToolExecutionEnd: on((event) => {
      const { toolCallId } = recordAt(event, "toolCall");
      const span = tools.take(toolKey(event["callId"], toolCallId));
      const { type, output, error } = recordAt(event, "toolOutput");
      if (type === "tool-error") span?.setError(error);
      else span?.setOutput(output);
      span?.finish();
    }),
    executeLanguageModelCall(options) {
      const { callId, execute } = options;
      let operation = operations.get(callId);
      let request: ModelRequest | undefined;
      quietly(() => {
        // The SDK may ask once more after a stream has failed, with which its operation ended.
        operation ??= new AISDKOperation({ name: "", input: undefined }, alone, instrumentation);
        request = requestOf({ ...options }, instrumentation);
      });
      if (operation === undefined || request === undefined) return execute();
      return operation.callModel(request, execute);
    },
    executeTool({ callId, toolCallId, execute }) {
      const operation = operations.get(callId);
      const span = tools.get(toolKey(callId, toolCallId));
      return operation === undefined ? execute() : operation.runTool(span, execute);
    },
    onEmbedStart: on((event) => begin(event, { requestType: "embed", input: event["values"] })),
    onEmbedEnd: on((event) => settle(event, { usage: event["usage"] })),
    onObjectStepStart: on((event) => {
      const { promptMessages } = event;
      if (!Array.isArray(promptMessages)) return begin(event, { input: undefined });
      begin(event, { input: aiSDKMessages(promptMessages) });
      const operation = operationOf(event);
      // Without its inputs in telemetry the SDK gives another list, which nobody keeps.
      if (operation?.name !== "ai.streamObject" || isPrivate(event)) return;
      dropped.register(promptMessages, operation);
    }),
    onObjectStepEnd: on((event) => settle(event, { ...event, text: event["objectText"] })),
    onRerankStart: on((event) => begin(event, { requestType: "rerank" })),
    onRerankEnd: on((event) => settle(event, {})),
  };
}

/**
 * What names a model call from its beginning to its end: each one of `embedMany`, which makes several at once, has an
 * id of its own, but so has each attempt of `embed`, which makes one.
 */
function callKey(event: UnknownRecord): string {
  const isOneOfSeveral = event["operationId"] === "ai.embedMany.doEmbed";
  return isOneOfSeveral ? String(event["embedCallId"]) : "only";
}

function toolKey(callId: unknown, toolCallId: unknown): string {
  return `${String(callId)} ${String(toolCallId)}`;
}

/** Without its inputs or outputs in telemetry, no content of an operation is recorded. */
function isPrivate(event: UnknownRecord): boolean {
  return event["recordInputs"] === false || event["recordOutputs"] === false;
}

function inputOf(event: UnknownRecord): unknown {
  const { messages, documents } = event;
  if (Array.isArray(messages)) {
    return aiSDKMessages(messages, event["instructions"] ?? event["system"]);
  }
  if (Array.isArray(documents)) return [event["query"], ...documents].map(textOf);
  return event["prompt"] ?? event["values"] ?? event["value"] ?? event["text"];
}

/** The text of speech is what it was given. */
function outputOf(event: UnknownRecord): unknown {
  return event["operationId"] === "ai.generateSpeech"
    ? undefined
    : (event["text"] ?? event["object"]);
}

/** A transcription is counted in tokens, or by the length of the audio. */
function audioAnswer(event: UnknownRecord): UnknownRecord {
  const { usage, durationInSeconds } = event;
  return { text: outputOf(event), usage: usage ?? { inputAudioSeconds: durationInSeconds } };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : jsonText(value);
}

function requestOf(event: UnknownRecord, settings: ResolvedInstrumentation): ModelRequest {
  const model = textAt(event, "modelId") ?? "unknown";
  const tools = recordsOf(arrayAt(event, "tools")).map((tool) => ({ name: tool["name"] }));
  return {
    provider: settings.provider ?? providerOfAISDK(textAt(event, "provider") ?? "", model),
    model,
    requestType: "chat",
    input: inputOf(event),
    parameters: { ...readCallParameters({ tools }), ...readCamelCaseParameters(event) },
    ...(isPrivate(event) ? { content: "metadata" as const } : {}),
  };
}
