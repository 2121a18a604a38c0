import { isRecord } from "../../formats/unknown-record.ts";
import type { OperationSpan } from "../../operation/operation-span.ts";
import type { AISDKOperation } from "./ai-sdk-operation.ts";

/** A span of the OpenTelemetry API that records nothing of itself. */
export class TelemetrySpan {
  /** No valid context: what is recorded has its own. */
  spanContext(): { traceId: string; spanId: string; traceFlags: number } {
    return { traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 };
  }

  setAttribute(key: string, value: unknown): this {
    return this.setAttributes({ [key]: value });
  }

  setAttributes(_attributes: object): this {
    return this;
  }

  addEvent(_name: string, _attributes?: unknown, _time?: unknown): this {
    return this;
  }

  addLink(_link: unknown): this {
    return this;
  }

  addLinks(_links: unknown): this {
    return this;
  }

  setStatus(_status: unknown): this {
    return this;
  }

  updateName(_name: string): this {
    return this;
  }

  recordException(_exception: unknown, _time?: unknown): void {}

  isRecording(): boolean {
    return true;
  }

  end(_time?: unknown): void {}
}

/** What a status says of a failure whose error was no `Error`, and therefore was not recorded. */
function failureOf(status: unknown): Error | undefined {
  if (!isRecord(status) || status["code"] !== 2) return undefined;
  const { message } = status;
  return new Error(typeof message === "string" ? message : "The operation failed.");
}

/** The span of an operation such as `ai.streamText`. */
export class OperationTelemetrySpan extends TelemetrySpan {
  readonly #operation: AISDKOperation;
  #output: unknown;
  #error: unknown;

  constructor(operation: AISDKOperation) {
    super();
    this.#operation = operation;
  }

  override setAttributes(attributes: object): this {
    if (isRecord(attributes)) {
      this.#output =
        attributes["ai.response.text"] ?? attributes["ai.response.object"] ?? this.#output;
    }
    return this;
  }

  override recordException(exception: unknown): void {
    this.#error = exception;
  }

  override setStatus(status: unknown): this {
    this.#error ??= failureOf(status);
    return this;
  }

  override end(): void {
    if (this.#error === undefined) this.#operation.finish(this.#output);
    else this.#operation.fail(this.#error);
  }
}

/** The span of a call of a tool. */
export class ToolTelemetrySpan extends TelemetrySpan {
  readonly #span: OperationSpan;
  #hasError = false;

  constructor(span: OperationSpan) {
    super();
    this.#span = span;
  }

  override setAttributes(attributes: object): this {
    const result = isRecord(attributes) ? attributes["ai.toolCall.result"] : undefined;
    if (result !== undefined) this.#span.setOutput(result);
    return this;
  }

  override recordException(exception: unknown): void {
    this.#hasError = true;
    this.#span.setError(exception);
  }

  override setStatus(status: unknown): this {
    const failure = this.#hasError ? undefined : failureOf(status);
    if (failure !== undefined) this.#span.setError(failure);
    return this;
  }

  override end(): void {
    this.#span.finish();
  }
}
