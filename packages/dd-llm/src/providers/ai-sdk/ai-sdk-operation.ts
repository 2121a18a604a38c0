import type { ContentMode } from "../../content/content-policy.ts";
import { isRecord, recordAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import type { OperationSpan } from "../../operation/operation-span.ts";
import { observeStream } from "../../stream/observe-stream.ts";
import type { StreamOutcome } from "../../stream/stream-outcome.ts";
import { warnOfDuplicateCapture } from "../duplicate-capture.ts";
import type { ResolvedInstrumentation } from "../instrumentation-options.ts";
import { type ModelRequest, ObservedModelCall, quietly } from "../observed-model-call.ts";
import type { AISDKRecorder } from "./ai-sdk-options.ts";

/** What an operation of the AI SDK says of itself when it starts. */
export interface OperationStart {
  /** Its kind, for example `ai.streamText`. */
  readonly name: string;
  /** The application's own name for it. */
  readonly functionId?: string;
  readonly input: unknown;
  /** `metadata` where the application does not want its content in telemetry. */
  readonly content?: ContentMode;
  /** Told once that the operation is over, however it ended. */
  readonly onEnd?: () => void;
}

const integration = {
  name: "ai",
  channel: "tracing:dd-trace:vercel-ai:start",
  instrument: "aiSdkTelemetry",
};

/** One operation of the AI SDK, such as `generateText`, with its model calls and tools. No method throws. */
export class AISDKOperation {
  /** Its kind, for example `ai.streamText`. */
  readonly name: string;
  readonly #instrumentation: ResolvedInstrumentation;
  readonly #recorder: AISDKRecorder;
  readonly #content: ContentMode | undefined;
  readonly #openCalls = new Set<ObservedModelCall>();
  /** Calls of which the SDK tells only the beginning and the end, by what it calls them. */
  readonly #toldCalls = new Map<string, ObservedModelCall>();
  readonly #span: OperationSpan | undefined;
  readonly #onEnd: (() => void) | undefined;
  #callCount = 0;

  constructor(start: OperationStart, recorder: AISDKRecorder, settings: ResolvedInstrumentation) {
    quietly(() => warnOfDuplicateCapture(integration, settings.logger));
    this.name = start.name;
    this.#recorder = recorder;
    this.#instrumentation = settings;
    this.#content = start.content;
    this.#onEnd = start.onEnd;
    this.#span = recorder.startWorkflowSpan?.(start.name, {
      resource: start.functionId ?? start.name,
      tags: settings.tags,
      metricTags: settings.metricTags,
      ...this.#contentOption(),
    });
    this.#span?.setInput(start.input);
  }

  /** Runs the operation with its span active. */
  run<T>(fn: () => T): T {
    return this.#runIn(this.#span, fn);
  }

  /** Makes one request to a model, whose result or stream is observed. */
  async callModel<T>(request: ModelRequest, send: () => PromiseLike<T>): Promise<T> {
    let call: ObservedModelCall | undefined;
    quietly(() => {
      call = this.#begin(request);
    });
    if (call === undefined) return send();
    const begun: ObservedModelCall = call;
    try {
      const result = await begun.run(send);
      quietly(() => this.#succeed(begun, result));
      return result;
    } catch (error) {
      this.#openCalls.delete(begun);
      begun.failed(error);
      throw error;
    }
  }

  /** Starts a model call of which only the end will be told; under the same key again it is another attempt. */
  callStarted(key: string, request: ModelRequest): void {
    const earlier = this.#toldCalls.get(key);
    if (earlier === undefined) this.#toldCalls.set(key, this.#begin(request));
    else earlier.retried();
  }

  /** Ends such a call by its answer. */
  callEnded(key: string, answer: UnknownRecord): void {
    const call = this.#toldCalls.get(key);
    if (call === undefined) return;
    this.#toldCalls.delete(key);
    this.#succeed(call, answer);
  }

  /** Starts a call of a tool. */
  startTool(name: string, input: unknown, id: unknown): OperationSpan | undefined {
    const span = this.#recorder.startToolSpan?.(name, {
      ...this.#parentOption(),
      ...this.#contentOption(),
      tags: { ...this.#instrumentation.tags, "tool.call_id": id },
    });
    return span?.setInput(input);
  }

  /** Runs a tool with its span active. */
  runTool<T>(span: OperationSpan | undefined, fn: () => T): T {
    return this.#runIn(span, fn);
  }

  /** Ends the operation. */
  finish(output?: unknown): void {
    if (output !== undefined) this.#span?.setOutput(output);
    // Of an attempt that failed and was made again the end is not told.
    for (const call of this.#toldCalls.values()) call.failed(new Error("The request has failed."));
    this.#end();
  }

  /** Ends the operation because the application has stopped it. */
  abort(): void {
    for (const call of this.#openCalls) call.stopped();
    this.#openCalls.clear();
    this.#end("aborted");
  }

  /** Ends the operation because the application has dropped its stream. */
  leave(): void {
    for (const call of this.#openCalls) call.left();
    this.#openCalls.clear();
    this.#end("cancelled");
  }

  /** Ends the operation by an error. */
  fail(error: unknown): void {
    for (const call of this.#openCalls) call.failed(error);
    this.#openCalls.clear();
    this.#span?.setError(error);
    this.#end("failed");
  }

  #begin(request: ModelRequest): ObservedModelCall {
    this.#callCount += 1;
    const call = new ObservedModelCall(
      {
        ...request,
        ...this.#parentOption(),
        ...this.#contentOption(),
        tags: { ...request.tags, "llm.step": this.#callCount },
      },
      this.#instrumentation,
    );
    this.#openCalls.add(call);
    return call;
  }

  /** Results of the tracer form are one level deeper. */
  #succeed(call: ObservedModelCall, received: unknown): void {
    if (!isRecord(received)) {
      call.left();
      return;
    }
    const result = isRecord(received["result"]) ? received["result"] : received;
    const response = recordAt(result, "response");
    const headers = response["headers"] ?? recordAt(result, "rawResponse")["headers"];
    call.responded(undefined, headers);
    const stream = result["stream"];
    if (!isRecord(stream)) {
      this.#openCalls.delete(call);
      call.succeeded(answerOf(result));
      return;
    }
    observeStream(stream, {
      onChunk() {
        // Recorded by the call's own span.
      },
      onEnd: (outcome, error) => {
        this.#openCalls.delete(call);
        // What has been left or has failed is not always told of by the SDK.
        if (outcome === "failed") this.fail(error);
        else if (outcome !== "completed") this.#end(outcome);
      },
    });
    call.succeeded(stream);
  }

  #end(outcome?: StreamOutcome): void {
    this.#onEnd?.();
    if (this.#span === undefined || this.#span.finished) return;
    if (outcome !== undefined) this.#span.setTag("llm.stream_outcome", outcome);
    this.#span.finish();
  }

  #parentOption(): { readonly childOf?: OperationSpan } {
    return this.#span === undefined ? {} : { childOf: this.#span };
  }

  #contentOption(): { readonly content?: ContentMode } {
    return this.#content === undefined ? {} : { content: this.#content };
  }

  #runIn<T>(span: OperationSpan | undefined, fn: () => T): T {
    if (span === undefined || this.#recorder.withSpan === undefined) return fn();
    return this.#recorder.withSpan(span, fn);
  }
}

/** Embeddings are counted by one number. */
function answerOf(result: UnknownRecord): UnknownRecord {
  const tokens = recordAt(result, "usage")["tokens"];
  return typeof tokens === "number" ? { usage: { inputTokens: tokens } } : result;
}
