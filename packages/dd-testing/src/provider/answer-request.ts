import { waitUnlessAborted } from "./cancellable-wait.ts";
import { deliverError, deliverReply } from "./deliver-reply.ts";
import { type Delivery, settle } from "./delivery.ts";
import type { ProviderRequest } from "./provider-request.ts";
import type { OpenRecord, ProviderRequestFailure } from "./recorded-request.ts";
import { planReply, type ReplyPlan } from "./reply-plan.ts";
import type { ReplyScript } from "./reply-script.ts";
import { checkReply } from "./reply-validation.ts";
import type { RequestRoute } from "./request-route.ts";
import { embeddingTexts, requestedDimensions } from "./request-text.ts";
import { requestFault } from "./request-validation.ts";
import type { ResponseChannel } from "./response-channel.ts";
import type { ScriptedError } from "./scripted-error.ts";
import type { ScriptedReply } from "./scripted-reply.ts";

/** A request that waits for its answer. */
export interface PendingRequest {
  readonly request: ProviderRequest;
  readonly route: RequestRoute;
  readonly channel: ResponseChannel;
  readonly record: OpenRecord;
  /** Tells waiting tests that the record changed. */
  readonly changed: () => void;
}

/** Where answers come from. */
export interface AnswerSource {
  readonly script: ReplyScript;
  readonly onUnscripted: "echo" | "error";
}

/** The usual vector lengths: text-embedding-3-small, text-embedding-004 and Titan. */
const usualDimensions = { anthropic: 0, openai: 1536, gemini: 768, bedrock: 1024 };

class UnscriptedError extends Error {}

function plan(reply: ScriptedReply, { request, record }: PendingRequest): ReplyPlan {
  const asked = requestedDimensions(request.body);
  const inputs = {
    texts: reply.embeddings ? [] : embeddingTexts(request.endpoint, request.body),
    dimensions: typeof asked === "number" ? asked : usualDimensions[request.provider],
  };
  return planReply(reply, request, inputs, record.receivedAt);
}

/** A delivery without content, for answers that are errors. */
function withoutContent(pending: PendingRequest): Delivery {
  const reply = { text: "", embeddings: [] };
  return { ...pending, reply, plan: plan(reply, pending) };
}

/** Answers with an error that no script asked for. */
export function refuse(
  pending: PendingRequest,
  error: ScriptedError,
  failure: ProviderRequestFailure,
): Promise<void> {
  return deliverError(withoutContent(pending), error, failure);
}

/** Chooses the reply; undefined when the connection closed while a function thought about it. */
async function chooseReply(
  source: AnswerSource,
  { channel, request }: PendingRequest,
): Promise<ScriptedReply | undefined> {
  const scripted = source.script.take(request);
  if (scripted === undefined && source.onUnscripted === "error") {
    throw new UnscriptedError("Nothing is scripted for this request.");
  }
  if (typeof scripted !== "function") return scripted ?? {};
  const made = Promise.resolve(scripted(request));
  if (!(await waitUnlessAborted(made, channel.closed))) return undefined;
  const reply = await made;
  checkReply(reply);
  return reply;
}

/** Reports a script that threw: as an answer, or by cutting an answer that has begun. */
function deliverFault(pending: PendingRequest, error: unknown): Promise<void> | void {
  const { channel, record } = pending;
  const failure = error instanceof UnscriptedError ? "unscripted" : "script_fault";
  record.fault = error instanceof Error ? error.message : String(error);
  const delivery = withoutContent(pending);
  if (record.status !== undefined) {
    channel.destroy();
    return settle(delivery, failure);
  }
  // Without this header the SDKs would try again and take the next replies from the queue.
  const reply = { headers: { "x-should-retry": "false" } };
  const message = `The reply script failed: ${record.fault}`;
  return deliverError({ ...delivery, reply }, { kind: "internal", message }, failure);
}

/** Answers one request by the script, and records how that ended. */
export async function answerRequest(source: AnswerSource, pending: PendingRequest): Promise<void> {
  const recorded = source.script.takeRecorded(pending.request);
  const fault = recorded === undefined ? requestFault(pending.request) : undefined;
  if (fault !== undefined) return refuse(pending, fault, "refused_request");
  try {
    const reply = recorded ?? (await chooseReply(source, pending));
    if (reply === undefined) return settle(withoutContent(pending));
    const delivery = { ...pending, reply, plan: plan(reply, pending) };
    pending.record.responseModel = delivery.plan.model;
    await deliverReply(delivery);
  } catch (error) {
    await deliverFault(pending, error);
  }
}
