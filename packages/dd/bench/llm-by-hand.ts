import type { Tracer } from "dd-trace";
import { call } from "./llm-case.ts";

type ObservedSpan = Parameters<Tracer["llmobs"]["annotate"]>[0];

const observed = {
  kind: "llm",
  name: "llm.request",
  modelName: call.model,
  modelProvider: "openai",
} as const;

/** A model call as dd-trace's documentation has it. */
export function documentedCall(tracer: Tracer, showsContent: boolean): () => void {
  return () => {
    tracer.llmobs.trace({ ...observed }, (span) => {
      tracer.llmobs.annotate(span as ObservedSpan, {
        ...(showsContent
          ? {
              inputData: call.messages as never,
              outputData: [{ role: "assistant", content: call.answer }],
            }
          : {}),
        metrics: { inputTokens: 1_000, outputTokens: 20, totalTokens: 1_020 },
        metadata: { request_type: "chat", finish_reason: "stop" },
      });
    });
  };
}

/** What `traceLLM` tells of a call, written with dd-trace by hand and unguarded. */
export function handWrittenCall(tracer: Tracer): () => void {
  return () => {
    tracer.llmobs.trace({ ...observed }, (span) => {
      span?.addTags({ ...requestTags, ...answerTags });
      tracer.llmobs.annotate(span as ObservedSpan, {
        metrics: {
          input_tokens: 1_000,
          output_tokens: 20,
          total_tokens: 1_020,
          cache_read_input_tokens: 0,
          input_cost: 0.0025,
          output_cost: 0.0002,
          total_cost: 0.0027,
        },
        metadata: {
          request_type: "chat",
          streaming: false,
          finish_reason: "stop",
          response_model: "gpt-4o-2024-08-06",
        },
      });
    });
  };
}

const requestTags = {
  "resource.name": "chat gpt-4o",
  "span.type": "llm",
  "span.kind": "client",
  "manual.keep": true,
  "llm.provider": "openai",
  "llm.model": "gpt-4o",
  "llm.request_type": "chat",
  "peer.service": "openai",
};
const answerTags = {
  "llm.streaming": false,
  "llm.input_tokens": 1_000,
  "llm.output_tokens": 20,
  "llm.total_tokens": 1_020,
  "llm.finish_reason": "stop",
  "llm.response_model": "gpt-4o-2024-08-06",
  "llm.cost.input_usd": 0.0025,
  "llm.cost.output_usd": 0.0002,
  "llm.cost.total_usd": 0.0027,
  "llm.cost.source": "genai-prices",
  "llm.cost.price_date": "2026-09-23",
};
