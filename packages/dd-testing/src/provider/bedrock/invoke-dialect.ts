import type { JsonObject } from "../json-value.ts";
import type { ReplyPlan } from "../reply-plan.ts";
import type { TokenUsage } from "../token-usage.ts";
import type { WireEvent } from "../wire-encoder.ts";

/** One chunk of an InvokeModel stream before it is wrapped. */
export interface InvokeChunk {
  readonly value: JsonObject;
  readonly kind: WireEvent["kind"];
  /** What the client knows of the usage after the chunk, where the dialect reports it. */
  readonly usage?: TokenUsage;
}

/** How the models of one maker write what InvokeModel passes on as it is. */
export interface InvokeDialect {
  /** The answer in one piece. */
  body(plan: ReplyPlan): JsonObject;
  /** The answer as a stream, without the counts that Bedrock adds; absent for embeddings. */
  chunks?(plan: ReplyPlan): Iterable<InvokeChunk>;
}
