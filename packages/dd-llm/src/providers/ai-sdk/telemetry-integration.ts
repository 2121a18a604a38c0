import {
  arrayAt,
  isRecord,
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
  /** Ends the span of an operation that the application has aborted. */
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
}

/** Operations and tools that are under way at most; of more the oldest are ended. */
const maximumOpen = 10_000;

/** Makes the integration of one recorder. */
export function telemetryIntegration(
  recorder: AISDKRecorder,
  instrumentation: ResolvedInstrumentation,
): AISDKTelemetryIntegration {
  const operations = new BoundedMap<AISDKOperation>(maximumOpen, (operation) => operation.finish());
  const tools = new BoundedMap<OperationSpan>(maximumOpen, (tool) => tool.finish());
  /** Model calls of which only the beginning and the end are told. */
  const pending = new BoundedMap<(result: unknown) => void>(maximumOpen, (resolve) =>
    resolve(undefined),
  );
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
  const begin = (event: UnknownRecord, key: unknown, request: ModelRequest) => {
    const result = new Promise<unknown>((resolve) => pending.set(String(key), resolve));
    void operationOf(event)?.callModel(request, () => result);
  };
  const settle = (key: unknown, result: unknown) => pending.take(String(key))?.(result);
  return {
    onStart: on((event) => {
      operations.set(
        String(event["callId"]),
        start(event, textAt(event, "operationId") ?? "ai.generateText"),
      );
    }),
    onEnd: on((event) => end(event)?.finish(event["text"] ?? event["object"])),
    onAbort: on((event) => end(event)?.abort()),
    onError: on((event) => {
      end(event)?.fail(event["error"]);
      settle(event["callId"], undefined);
    }),
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
    onEmbedStart: on((event) => {
      const request = requestOf(event, instrumentation);
      begin(event, event["embedCallId"], {
        ...request,
        requestType: "embed",
        input: event["values"],
      });
    }),
    onEmbedEnd: on((event) => settle(event["embedCallId"], { usage: event["usage"] })),
    onObjectStepStart: on((event) => {
      const request = requestOf(event, instrumentation);
      const { promptMessages } = event;
      const input = Array.isArray(promptMessages) ? aiSDKMessages(promptMessages) : undefined;
      begin(event, event["callId"], { ...request, input });
    }),
    onObjectStepEnd: on((event) => {
      settle(event["callId"], { ...event, text: event["objectText"] });
    }),
  };
}

function toolKey(callId: unknown, toolCallId: unknown): string {
  return `${String(callId)} ${String(toolCallId)}`;
}

/** Without its inputs or outputs in telemetry, no content of an operation is recorded. */
function isPrivate(event: UnknownRecord): boolean {
  return event["recordInputs"] === false || event["recordOutputs"] === false;
}

function inputOf(event: UnknownRecord): unknown {
  const messages = event["messages"];
  if (!Array.isArray(messages)) return event["prompt"] ?? event["values"] ?? event["value"];
  return aiSDKMessages(messages, event["instructions"] ?? event["system"]);
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
