import type { ConversationMessage } from "../content/conversation.ts";
import type { CallCost } from "../cost/call-cost.ts";
import type { LLMErrorClass } from "../errors/error-class.ts";
import type { ModelOutput } from "../formats/model-output.ts";
import type { StreamOutcome } from "../stream/stream-outcome.ts";
import type { StreamSummary } from "../stream/stream-recorder.ts";
import type { TokenUsage } from "../usage/token-usage.ts";
import type { ModelCall } from "./model-call.ts";

/** What is known of a call when its span ends. */
export interface CallRecord {
  readonly call: ModelCall;
  readonly usage: TokenUsage;
  readonly output: ModelOutput;
  /** Why the model stopped, the same for every provider; what the provider said is in `output`. */
  readonly finishReason: string | undefined;
  readonly stream: StreamSummary | undefined;
  readonly streamOutcome: StreamOutcome | undefined;
  readonly errorClass: LLMErrorClass | undefined;
  /** How long the model call took (ms). */
  readonly durationMs: number;
  /** Empty unless the content policy lets it be kept. */
  readonly input: readonly ConversationMessage[];
  readonly cost: CallCost | undefined;
}

/** What the provider said of why the model stopped, where that is not how all providers say it. */
export function rawFinishReason({ finishReason, output }: CallRecord): string | undefined {
  return output.finishReason === finishReason ? undefined : output.finishReason;
}

/** Output tokens per second from the first content to the last; absent where it cannot be known. */
export function tokensPerSecond({ usage, stream }: CallRecord): number | undefined {
  const duration = stream?.streamingDurationMs;
  if (usage.outputTokens === undefined || !duration) return undefined;
  return (usage.outputTokens / duration) * 1_000;
}

/** Mean time between output tokens (ms); absent where it cannot be known. */
export function timePerOutputToken({ usage, stream }: CallRecord): number | undefined {
  const duration = stream?.streamingDurationMs;
  if (usage.outputTokens === undefined || usage.outputTokens < 2 || !duration) return undefined;
  return duration / (usage.outputTokens - 1);
}
