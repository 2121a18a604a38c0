import type { LLMObservabilityAnnotation, TagGuard } from "@llmdevops/dd-core";
import type { ContentPolicy } from "../content/content-policy.ts";
import { type ConversationMessage, messageText } from "../content/conversation.ts";
import { observedToolCall } from "../content/observed-tool-call.ts";
import { permittedMessages } from "../content/permitted-messages.ts";
import { policyOfPart } from "../content/policy-of-call.ts";
import { shownMessages } from "../content/shown-messages.ts";
import type { CallCost } from "../cost/call-cost.ts";
import { known } from "../formats/unknown-record.ts";
import { type CallRecord, rawFinishReason, timePerOutputToken } from "./call-record.ts";
import { readOption } from "./model-call.ts";

/** The intake takes events of 5 MiB (https://docs.datadoghq.com/llm_observability/setup/api/); the rest is for all else. */
const maximumInputBytes = 3_500_000;
const maximumOutputBytes = 1_000_000;

/** What LLM Observability is told of a finished call, in its own names and units (seconds, dollars). */
export function callAnnotation(
  record: CallRecord,
  policy: ContentPolicy,
  guard: TagGuard,
): LLMObservabilityAnnotation {
  const { call, stream, output } = record;
  // Metrics and metadata are of one shape for all calls, which is quicker; what is `undefined` is not told.
  return {
    metrics: metricsOf(record),
    metadata: {
      ...call.parameters,
      request_type: call.requestType,
      streaming: stream !== undefined,
      stream_outcome: record.streamOutcome,
      finish_reason: record.finishReason,
      finish_reason_raw: rawFinishReason(record),
      response_model: output.responseModel,
    },
    tags: { ...call.metricTags, user_id: call.userId },
    ...requestOf(record, policy),
    ...(showsContent(policy) ? contentOf(record, policy, guard) : undefined),
  };
}

function metricsOf(record: CallRecord): NonNullable<LLMObservabilityAnnotation["metrics"]> {
  const { usage, stream, cost } = record;
  const { inputTokens, cacheReadInputTokens: read, cacheWriteInputTokens: written } = usage;
  const isDivided = inputTokens !== undefined && (read !== undefined || written !== undefined);
  return {
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
    time_per_output_token: seconds(timePerOutputToken(record)),
    input_cost: cost?.inputUsd,
    output_cost: cost?.outputUsd,
    total_cost: cost?.totalUsd,
    non_cached_input_cost: uncachedInputCost(cost),
    cache_read_input_cost: cost?.cacheReadInputUsd,
    cache_write_input_cost: cost?.cacheWriteInputUsd,
  };
}

/** To the nano-dollar, so that the parts add up to the input's cost; absent where it has no parts. */
function uncachedInputCost(cost: CallCost | undefined): number | undefined {
  const { cacheReadInputUsd: read, cacheWriteInputUsd: written } = cost ?? {};
  if (cost === undefined || (read === undefined && written === undefined)) return undefined;
  const rest = cost.inputUsd - (read ?? 0) - (written ?? 0);
  return Math.max(0, Math.round(rest * 1e9)) / 1e9;
}

function contentOf(
  record: CallRecord,
  policy: ContentPolicy,
  guard: TagGuard,
): Pick<LLMObservabilityAnnotation, "inputData" | "outputData"> {
  const prompt = policyOfPart(policy, "prompt");
  const input = showsContent(prompt)
    ? shownMessages(record.input, prompt, guard, maximumInputBytes)
    : [];
  if (record.call.requestType === "embed") {
    // An embedding is told of its documents; its answer is numbers.
    const documents = input.map((message) => ({ text: messageText(message) }));
    return documents.length === 0 ? {} : { inputData: documents };
  }
  const response = policyOfPart(policy, "response");
  const answer = showsContent(response) ? permittedMessages(answerOf(record), policy, guard) : [];
  return {
    ...(input.length === 0 ? {} : { inputData: input }),
    ...(answer.length === 0
      ? {}
      : { outputData: shownMessages(answer, response, guard, maximumOutputBytes) }),
  };
}

/** What names things is always told; what was written into them is content. */
function requestOf(
  { call }: CallRecord,
  policy: ContentPolicy,
): Pick<LLMObservabilityAnnotation, "costTags" | "prompt" | "toolDefinitions"> | undefined {
  const { prompt, toolDefinitions, costTags } = call;
  if (prompt === undefined && toolDefinitions === undefined && costTags === undefined) {
    return undefined;
  }
  const tools = policyOfPart(policy, "tools");
  const names = Array.isArray(toolDefinitions)
    ? toolDefinitions.map((tool) => ({ name: String(readOption(tool, "name") ?? "") }))
    : undefined;
  return known({
    costTags,
    prompt:
      showsContent(policyOfPart(policy, "prompt")) || prompt === undefined
        ? prompt
        : known({ id: readOption(prompt, "id"), version: readOption(prompt, "version") }),
    toolDefinitions: showsContent(tools)
      ? toolDefinitions
      : tools.mode === "metadata"
        ? names
        : undefined,
  });
}

function showsContent({ mode }: ContentPolicy): boolean {
  return mode === "preview" || mode === "full";
}

function answerOf({ output }: CallRecord): ConversationMessage[] {
  const toolCalls = output.toolCalls?.map(observedToolCall) ?? [];
  if (!output.text && toolCalls.length === 0) return [];
  const message = {
    role: "assistant",
    content: output.text ?? "",
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  };
  return [message];
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1_000;
}
