import { AsyncLocalStorage } from "node:async_hooks";
import { isRecord, recordsOf, textAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import type { LLMRequestType } from "../../span/llm-span-options.ts";
import { readCallParameters } from "../call-parameters.ts";
import type { ResolvedInstrumentation } from "../instrumentation-options.ts";
import { type ModelRequest, quietly } from "../observed-model-call.ts";
import { aiSDKMessages } from "./ai-sdk-messages.ts";
import { AISDKOperation } from "./ai-sdk-operation.ts";
import type { AISDKRecorder } from "./ai-sdk-options.ts";
import { providerOfAISDK } from "./ai-sdk-provider.ts";
import { OperationTelemetrySpan, TelemetrySpan, ToolTelemetrySpan } from "./telemetry-span.ts";

type SpanFunction = (span: TelemetrySpan) => unknown;

/** Longest prompt that is read (UTF-16 code units). */
const maximumPromptLength = 2_000_000;

/** What is asked for, by the last part of the name of a span; anything else is a chat. */
const requestTypes: ReadonlyMap<string, LLMRequestType> = new Map([
  ["doEmbed", "embed"],
  ["doRerank", "rerank"],
]);

/** Request parameters by the attributes that the AI SDK writes. */
const parameterAttributes: readonly (readonly [attribute: string, name: string])[] = [
  ["gen_ai.request.temperature", "temperature"],
  ["gen_ai.request.max_tokens", "max_tokens"],
  ["gen_ai.request.top_p", "top_p"],
  ["gen_ai.request.top_k", "top_k"],
  ["gen_ai.request.frequency_penalty", "frequency_penalty"],
  ["gen_ai.request.presence_penalty", "presence_penalty"],
  ["ai.settings.seed", "seed"],
];

/**
 * An OpenTelemetry tracer for `experimental_telemetry` of AI SDK 4 to 6. It makes no OpenTelemetry spans: it reads
 * operations, model calls and tools out of the calls that the SDK makes, and observes the streams that pass.
 */
export class AISDKTelemetryTracer {
  readonly #recorder: AISDKRecorder;
  readonly #instrumentation: ResolvedInstrumentation;
  readonly #operation = new AsyncLocalStorage<AISDKOperation>();

  constructor(recorder: AISDKRecorder, instrumentation: ResolvedInstrumentation) {
    this.#recorder = recorder;
    this.#instrumentation = instrumentation;
  }

  startSpan(_name: string, _options?: object, _context?: unknown): TelemetrySpan {
    return new TelemetrySpan();
  }

  startActiveSpan<F extends SpanFunction>(name: string, fn: F): ReturnType<F>;
  startActiveSpan<F extends SpanFunction>(name: string, options: object, fn: F): ReturnType<F>;
  startActiveSpan<F extends SpanFunction>(
    name: string,
    options: object,
    context: unknown,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan(name: string, ...rest: unknown[]): unknown {
    const fn = rest.at(-1) as SpanFunction;
    const options = rest.length > 1 && isRecord(rest[0]) ? rest[0] : {};
    const attributes = isRecord(options["attributes"]) ? options["attributes"] : {};
    if (/\.do[A-Z]\w*$/.test(name)) return this.#callModel(name, attributes, fn);
    if (name === "ai.toolCall") return this.#callTool(attributes, fn);
    return this.#start(name, attributes, fn);
  }

  #start(name: string, attributes: UnknownRecord, fn: SpanFunction): unknown {
    let operation: AISDKOperation | undefined;
    quietly(() => {
      operation = this.#operationOf(name, attributes);
    });
    if (operation === undefined) return fn(new TelemetrySpan());
    const started: AISDKOperation = operation;
    const span = new OperationTelemetrySpan(started);
    return this.#operation.run(started, () => started.run(() => fn(span)));
  }

  #callModel(name: string, attributes: UnknownRecord, fn: SpanFunction): unknown {
    const send = () => fn(new TelemetrySpan()) as PromiseLike<unknown>;
    let operation = this.#operation.getStore();
    let request: ModelRequest | undefined;
    quietly(() => {
      operation ??= this.#operationOf(name, attributes);
      request = requestOf(name, attributes, this.#instrumentation);
    });
    if (operation === undefined || request === undefined) return send();
    return operation.callModel(request, send);
  }

  #callTool(attributes: UnknownRecord, fn: SpanFunction): unknown {
    const operation = this.#operation.getStore();
    let span: TelemetrySpan | undefined;
    let run = (send: () => unknown): unknown => send();
    quietly(() => {
      const tool = operation?.startTool(
        textAt(attributes, "ai.toolCall.name") ?? "unknown",
        attributes["ai.toolCall.args"],
        attributes["ai.toolCall.id"],
      );
      if (tool === undefined) return;
      span = new ToolTelemetrySpan(tool);
      run = (send) => operation?.runTool(tool, send);
    });
    const given = span ?? new TelemetrySpan();
    return run(() => fn(given));
  }

  #operationOf(name: string, attributes: UnknownRecord): AISDKOperation {
    const functionId = textAt(attributes, "ai.telemetry.functionId");
    return new AISDKOperation(
      {
        name,
        input: inputOf(attributes),
        ...contentOf(attributes),
        ...(functionId === undefined ? {} : { functionId }),
      },
      this.#recorder,
      this.#instrumentation,
    );
  }
}

/** A call that hides its input from telemetry hides its content. */
function contentOf(attributes: UnknownRecord): { readonly content?: "metadata" } {
  const keys = ["ai.prompt", "ai.prompt.messages", "ai.value", "ai.values", "ai.documents"];
  return keys.some((key) => attributes[key] !== undefined) ? {} : { content: "metadata" };
}

function requestOf(
  name: string,
  attributes: UnknownRecord,
  settings: ResolvedInstrumentation,
): ModelRequest {
  const model = textAt(attributes, "ai.model.id") ?? "unknown";
  const provider = textAt(attributes, "ai.model.provider") ?? "";
  const tools = attributes["ai.prompt.tools"];
  const parameters = Object.fromEntries(
    parameterAttributes.map(([attribute, parameter]) => [parameter, attributes[attribute]]),
  );
  return {
    provider: settings.provider ?? providerOfAISDK(provider, model),
    model,
    requestType: requestTypes.get(name.slice(name.lastIndexOf(".") + 1)) ?? "chat",
    input: inputOf(attributes),
    parameters: readCallParameters({
      ...parameters,
      tools: Array.isArray(tools) ? recordsOf(tools.map(parsed)) : [],
    }),
    ...contentOf(attributes),
  };
}

function inputOf(attributes: UnknownRecord): unknown {
  const messages = parsed(attributes["ai.prompt.messages"] ?? attributes["ai.prompt"]);
  if (Array.isArray(messages)) return aiSDKMessages(messages);
  if (!isRecord(messages)) {
    return (
      messages ?? attributes["ai.value"] ?? attributes["ai.values"] ?? attributes["ai.documents"]
    );
  }
  const list = messages["messages"];
  return Array.isArray(list)
    ? aiSDKMessages(list, messages["system"])
    : (messages["prompt"] ?? messages);
}

function parsed(text: unknown): unknown {
  if (typeof text !== "string" || text.length > maximumPromptLength) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
