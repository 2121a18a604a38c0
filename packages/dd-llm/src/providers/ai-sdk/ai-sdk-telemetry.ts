import { resolveInstrumentation } from "../instrumentation-options.ts";
import type { AISDKTelemetryOptions } from "./ai-sdk-options.ts";
import { type AISDKTelemetryIntegration, telemetryIntegration } from "./telemetry-integration.ts";
import { AISDKTelemetryTracer } from "./telemetry-tracer.ts";

/** Telemetry of the AI SDK: an integration for version 7, and a tracer for 4 to 6. */
export interface AISDKTelemetry extends AISDKTelemetryIntegration {
  /** For `experimental_telemetry: { isEnabled: true, tracer }` of AI SDK 4 to 6. */
  readonly tracer: AISDKTelemetryTracer;
}

/**
 * Records what Vercel's AI SDK does, 4 to 7: operations (`generateText`, `streamText`, `generateObject`, `embed`…) as
 * workflows, each request to a model, and each call of a tool. A stream ends its spans however it ends.
 *
 * A call that keeps its inputs or outputs out of telemetry (`recordInputs`, `recordOutputs`) is recorded without its
 * content, whatever the content policy says. The tracer form knows `recordInputs` only.
 *
 * @throws {ConfigurationError} When an option is not what it should be; nothing throws later.
 * @example AI SDK 7
 * ```ts
 * import { aiSdkTelemetry } from "@llmdevops/dd-llm";
 * import { registerTelemetry } from "ai";
 *
 * registerTelemetry(aiSdkTelemetry({ llm }));
 * ```
 * @example AI SDK 4 to 6
 * ```js
 * const { tracer } = aiSdkTelemetry({ llm });
 * await generateText({ model, prompt, experimental_telemetry: { isEnabled: true, tracer } });
 * ```
 */
export function aiSdkTelemetry(options: AISDKTelemetryOptions): AISDKTelemetry {
  const instrumentation = resolveInstrumentation(options);
  return {
    ...telemetryIntegration(instrumentation.llm, instrumentation),
    tracer: new AISDKTelemetryTracer(instrumentation.llm, instrumentation),
  };
}
