import type { OperationOptions } from "../../operation/operation-options.ts";
import type { OperationSpan } from "../../operation/operation-span.ts";
import type { InstrumentationOptions, LLMRecorder } from "../instrumentation-options.ts";

/** What records the calls of the AI SDK. Without the two methods here only model calls are recorded. */
export interface AISDKRecorder extends LLMRecorder {
  /** Starts the span of an operation, such as `streamText`, around its model calls and tools. */
  startWorkflowSpan?(name: string, options?: OperationOptions): OperationSpan;
  /** Starts the span of a call of a tool. */
  startToolSpan?(name: string, options?: OperationOptions): OperationSpan;
}

/** Options of `aiSdkTelemetry`. */
export interface AISDKTelemetryOptions extends InstrumentationOptions {
  /** Where the calls are recorded. */
  readonly llm: AISDKRecorder;
}
