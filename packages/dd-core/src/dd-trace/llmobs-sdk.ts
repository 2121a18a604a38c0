import type { Tracer } from "dd-trace";

/** dd-trace's own LLM Observability SDK: prompts, datasets and experiments. It throws on what it does not like. */
export type LLMObservabilitySDK = Tracer["llmobs"];
