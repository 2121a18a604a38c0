/** Why a model stopped, the same for every provider. */
export type FinishReason =
  | "stop"
  | "length"
  | "tool_calls"
  | "content_filter"
  | "pause"
  | "cancelled"
  | "error";

/**
 * What the providers say, in lower case: Anthropic (https://docs.claude.com/en/api/handling-stop-reasons), OpenAI Chat
 * and Responses (https://platform.openai.com/docs/api-reference), Gemini
 * (https://ai.google.dev/api/generate-content#FinishReason, its reasons for blocking a prompt too), Amazon Bedrock's
 * Converse and InvokeModel, Cohere, Mistral, DeepSeek and the AI SDK.
 */
const reasons: Readonly<Record<FinishReason, string>> = {
  stop: "stop end_turn stop_sequence completed complete finish finished eos eos_token endoftext stop_criteria_met",
  length:
    "length max_tokens max_output_tokens model_context_window_exceeded model_length error_limit incomplete",
  tool_calls: "tool_calls tool_call tool_use function_call",
  content_filter:
    "content_filter content_filtered guardrail_intervened refusal safety recitation language blocklist " +
    "prohibited_content spii image_safety image_prohibited_content image_recitation jailbreak model_armor error_toxic",
  pause: "pause_turn",
  cancelled: "cancelled user_cancel",
  error:
    "error failed malformed_function_call unexpected_tool_call too_many_tool_calls malformed_response " +
    "malformed_model_output malformed_tool_use missing_thought_signature insufficient_system_resource no_image",
};

const known: ReadonlyMap<string, FinishReason> = new Map(
  (Object.keys(reasons) as FinishReason[]).flatMap((reason) =>
    reasons[reason].split(" ").map((name) => [name, reason] as const),
  ),
);

/** Which say nothing of the tools that the model asked for: Gemini's, that of OpenAI Responses, and a forced call's. */
const silentOnTools: readonly string[] = ["stop", "completed"];

/**
 * The reason of any provider in one form.
 *
 * @param hasToolCalls Whether the answer asks for tools.
 * @returns What the provider says itself where that is not known.
 */
export function finishReasonOf(raw: string, hasToolCalls: boolean): string {
  // Most are in the form of the table already.
  const name = known.has(raw) ? raw : raw.toLowerCase().replaceAll("-", "_");
  if (hasToolCalls && silentOnTools.includes(name)) return "tool_calls";
  return known.get(name) ?? raw;
}
