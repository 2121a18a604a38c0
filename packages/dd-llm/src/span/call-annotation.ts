import type { LLMObservabilityAnnotation, LLMObservabilityMessage } from "@llmdevops/dd-core";
import type { ContentPolicy } from "../content/content-policy.ts";
import { timePerOutputToken } from "./call-tags.ts";
import type { CallRecord } from "./llm-span.ts";

/** What LLM Observability is told of a finished call, in its own names and units (seconds, dollars). */
export function callAnnotation(
  call: CallRecord,
  policy: ContentPolicy,
): LLMObservabilityAnnotation {
  const { options, usage, stream, cost, output } = call;
  const { cacheReadInputTokens: read, cacheWriteInputTokens: written, inputTokens } = usage;
  const isDivided = inputTokens !== undefined && (read !== undefined || written !== undefined);
  const showsContent = policy.mode === "full" || policy.mode === "preview";
  return {
    metrics: {
      input_tokens: inputTokens,
      output_tokens: usage.outputTokens,
      total_tokens: usage.totalTokens,
      non_cached_input_tokens: isDivided ? inputTokens - (read ?? 0) - (written ?? 0) : undefined,
      cache_read_input_tokens: read,
      cache_write_input_tokens: written,
      ephemeral_5m_input_tokens: usage.cacheWrite5mInputTokens,
      ephemeral_1h_input_tokens: usage.cacheWrite1hInputTokens,
      reasoning_output_tokens: usage.reasoningOutputTokens,
      time_to_first_token: seconds(stream?.timeToFirstTokenMs),
      time_per_output_token: seconds(timePerOutputToken(call)),
      input_cost: cost?.inputUsd,
      output_cost: cost?.outputUsd,
      total_cost: cost?.totalUsd,
    },
    metadata: present({
      ...options.parameters,
      request_type: options.requestType ?? "chat",
      streaming: stream !== undefined,
      stream_outcome: call.streamOutcome,
      finish_reason: output.finishReason,
      response_model: output.responseModel,
    }),
    tags: { ...options.metricTags },
    ...(showsContent && Array.isArray(call.input) ? { inputData: shown(call.input, policy) } : {}),
    ...(showsContent ? { outputData: shown([answer(call)], policy) } : {}),
  };
}

function answer({ output }: CallRecord): LLMObservabilityMessage {
  const toolCalls = output.toolCalls?.map(({ id, name, arguments: text }) => ({
    ...(name ? { name } : {}),
    ...(id ? { toolId: id } : {}),
    arguments: parsedArguments(text),
    type: "function",
  }));
  return {
    role: "assistant",
    content: output.text ?? "",
    ...(toolCalls === undefined || toolCalls.length === 0 ? {} : { toolCalls }),
  };
}

function parsedArguments(text: string | undefined): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text || "{}");
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
      return { ...parsed };
    }
  } catch {
    // A stream that was cut leaves incomplete JSON; it is shown as it came.
  }
  return { text };
}

function shown(
  messages: readonly LLMObservabilityMessage[],
  policy: ContentPolicy,
): LLMObservabilityMessage[] {
  if (policy.mode === "full") return [...messages];
  return messages.map((message) => ({
    ...(message.role === undefined ? {} : { role: message.role }),
    content: (message.content ?? "").slice(0, policy.previewLength),
  }));
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1_000;
}

function present(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
