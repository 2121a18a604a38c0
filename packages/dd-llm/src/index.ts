export type { ContentMode, ContentOptions } from "./content/content-policy.ts";
export type { CallCost, ModelPrice } from "./cost/call-cost.ts";
export { classifyLLMError, type LLMErrorClass } from "./errors/error-class.ts";
export { createLLM, type LLM, type LLMOptions } from "./llm.ts";
export type { LLMSpan, LLMTracing } from "./span/llm-span.ts";
export type { LLMRequestType, LLMSpanOptions, TraceLLMOptions } from "./span/llm-span-options.ts";
export type { StreamOutcome } from "./stream/stream-recorder.ts";
export { normalizeUsage } from "./usage/normalize-usage.ts";
export type { TokenUsage } from "./usage/token-usage.ts";
