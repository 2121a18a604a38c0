import { type JsonObject, ownValue } from "../json-value.ts";
import type { ReplyPlan } from "../reply-plan.ts";
import type { WireEncoder } from "../wire-encoder.ts";
import { wireIdentifier } from "../wire-identifier.ts";
import { openaiEnvelope } from "./openai-envelope.ts";

const dayInSeconds = 86_400;

function batch(plan: ReplyPlan, status: string, id: string): JsonObject {
  const created = Math.floor(plan.createdMs / 1000);
  const completed = status === "completed";
  return {
    id,
    object: "batch",
    endpoint: ownValue(plan.request, "endpoint") ?? "/v1/chat/completions",
    errors: null,
    input_file_id: ownValue(plan.request, "input_file_id") ?? "file-input",
    completion_window: ownValue(plan.request, "completion_window") ?? "24h",
    status,
    output_file_id: completed ? id.replace("batch_", "file-") : null,
    error_file_id: null,
    created_at: created,
    in_progress_at: completed ? created : null,
    expires_at: created + dayInSeconds,
    finalizing_at: completed ? created : null,
    completed_at: completed ? created : null,
    failed_at: null,
    expired_at: null,
    cancelling_at: status === "cancelling" ? created : null,
    cancelled_at: null,
    request_counts: { total: 0, completed: 0, failed: 0 },
    metadata: ownValue(plan.request, "metadata") ?? null,
  };
}

function answer(plan: ReplyPlan, operation: string): JsonObject {
  if (operation === "list") return { object: "list", data: [], has_more: false };
  if (operation === "create") {
    return batch(plan, "validating", wireIdentifier("batch_", plan.sequence));
  }
  const [id = "", action = ""] = operation.split("/");
  // A scripted finish reason is the state to report, such as `failed` or `in_progress`.
  const reported = plan.finishReason === "stop" ? "completed" : plan.finishReason;
  return batch(plan, action === "cancel" ? "cancelling" : reported, id);
}

/**
 * Writes OpenAI Batches: a batch is accepted, found completed and cancelled. Its requests are not
 * carried out, and no files are kept.
 *
 * Source: https://platform.openai.com/docs/api-reference/batch
 *
 * @param operation `create`, `list`, or the identifier of a batch, perhaps with `/cancel`.
 */
export function batchesEncoder(operation: string): WireEncoder {
  return { ...openaiEnvelope, body: (plan) => ({ value: answer(plan, operation), usage: null }) };
}
