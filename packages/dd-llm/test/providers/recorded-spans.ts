import type { LLMSpan, LLMSpanOptions } from "../../src/index.ts";
import { type TestClient, testClient } from "../support/clients.ts";

/** An LLM client that keeps the spans it starts. */
export interface RecordedSpans extends TestClient {
  readonly spans: LLMSpan[];
  readonly started: LLMSpanOptions[];
  /** To be given to a wrapper. */
  readonly recorder: {
    startLLMSpan(name: string, options: LLMSpanOptions): LLMSpan;
    withSpan<T>(span: LLMSpan, fn: () => T): T;
  };
}

export function recordedSpans(): RecordedSpans {
  const client = testClient({ content: { mode: "full" } });
  const spans: LLMSpan[] = [];
  const started: LLMSpanOptions[] = [];
  return {
    ...client,
    spans,
    started,
    recorder: {
      startLLMSpan: (name, options) => {
        const span = client.llm.startLLMSpan(name, options);
        spans.push(span);
        started.push(options);
        return span;
      },
      withSpan: (span, fn) => client.llm.withSpan(span, fn),
    },
  };
}

/** A response with a JSON body. */
export function jsonResponse(
  body: unknown,
  headers: Record<string, string> = {},
  status = 200,
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}
