import type { IncomingMessage, ServerResponse } from "node:http";
import { waitUnlessAborted } from "./cancellable-wait.ts";
import { deliverError, deliverReply } from "./deliver-reply.ts";
import { type Delivery, settle } from "./delivery.ts";
import type { ProviderRequest } from "./provider-request.ts";
import { describeRequest, readBody } from "./read-request.ts";
import type { OpenRecord, ProviderRequestFailure } from "./recorded-request.ts";
import { planReply } from "./reply-plan.ts";
import type { ReplyScript } from "./reply-script.ts";
import { checkReply } from "./reply-validation.ts";
import type { RequestLog } from "./request-log.ts";
import { type RequestRoute, routeOf, unknownRoute } from "./request-route.ts";
import { embeddingTexts, requestedDimensions } from "./request-text.ts";
import { requestFault } from "./request-validation.ts";
import type { ResponseChannel } from "./response-channel.ts";
import type { ScriptedError } from "./scripted-error.ts";
import type { ScriptedReply } from "./scripted-reply.ts";

/** What serving a request needs of the server. */
export interface ServingContext {
  readonly script: ReplyScript;
  readonly log: RequestLog;
  readonly maxBodyBytes: number;
  readonly onUnscripted: "echo" | "error";
  readonly now: () => number;
  readonly nextSequence: () => number;
  /** Tells waiting tests that a record changed. */
  readonly changed: () => void;
}

function openRecord(request: ProviderRequest, receivedAt: number): OpenRecord {
  return {
    ...request,
    receivedAt,
    status: undefined,
    responseModel: undefined,
    outcome: "in_progress",
    failure: undefined,
    fault: undefined,
    chunksSent: 0,
    eventsSent: 0,
    abortedAtChunk: undefined,
    usageSent: null,
  };
}

function plan(reply: ScriptedReply, request: ProviderRequest, createdMs: number): Delivery["plan"] {
  const asked = requestedDimensions(request.body);
  const usual = request.provider === "gemini" ? 768 : 1536;
  const inputs = {
    texts: reply.embeddings ? [] : embeddingTexts(request.endpoint, request.body),
    dimensions: typeof asked === "number" ? asked : usual,
  };
  return planReply(reply, request, inputs, createdMs);
}

class UnscriptedError extends Error {}

async function chooseReply(
  context: ServingContext,
  request: ProviderRequest,
  channel: ResponseChannel,
): Promise<ScriptedReply | undefined> {
  const source = context.script.take(request);
  if (source === undefined && context.onUnscripted === "error") {
    throw new UnscriptedError("Nothing is scripted for this request.");
  }
  if (typeof source !== "function") return source ?? {};
  let reply: ScriptedReply | undefined;
  const made = Promise.resolve(source(request)).then((value) => {
    reply = value;
  });
  await waitUnlessAborted(made, channel.closed);
  if (reply !== undefined) checkReply(reply);
  return reply;
}

async function answer(
  context: ServingContext,
  request: ProviderRequest,
  route: RequestRoute,
  channel: ResponseChannel,
  record: OpenRecord,
): Promise<void> {
  const idle = { route, channel, record, reply: {}, plan: plan({ text: "" }, request, 0) };
  const refuse = (error: ScriptedError, failure: ProviderRequestFailure): Promise<void> =>
    deliverError(idle, error, failure);
  const fault = requestFault(request);
  if (fault !== undefined) return refuse(fault, "refused_request");
  let delivery: Delivery | undefined;
  try {
    const reply = await chooseReply(context, request, channel);
    if (reply === undefined) return settle(idle);
    delivery = { ...idle, reply, plan: plan(reply, request, record.receivedAt) };
    record.responseModel = delivery.plan.model;
    await deliverReply(delivery);
  } catch (error) {
    const failure = error instanceof UnscriptedError ? "unscripted" : "script_fault";
    record.fault = error instanceof Error ? error.message : String(error);
    if (record.status !== undefined) {
      channel.destroy();
      return settle(idle, failure);
    }
    // Without this header the SDKs would try again and take the next replies from the queue.
    const headers = { "x-should-retry": "false" };
    const message = `The reply script failed: ${record.fault}`;
    return deliverError({ ...idle, reply: { headers } }, { kind: "internal", message }, failure);
  }
}

/** Serves one request from its first byte to its record. Never rejects. */
export async function serveRequest(
  context: ServingContext,
  message: IncomingMessage,
  response: ServerResponse,
  channel: ResponseChannel,
): Promise<void> {
  try {
    const url = new URL(message.url ?? "/", "http://provider.test");
    const route = routeOf(url) ?? unknownRoute(url);
    const text = await readBody(message, context.maxBodyBytes);
    const request = describeRequest(message, url, route, text ?? "", context.nextSequence());
    const record = openRecord(request, context.now());
    context.log.open(record, (text?.length ?? 0) * 2 + 1024);
    context.changed();
    if (text === undefined) {
      const idle = { route, channel, record, reply: {}, plan: plan({ text: "" }, request, 0) };
      await deliverError(idle, { kind: "request_too_large" }, "refused_request");
    } else {
      await answer(context, request, route, channel, record);
    }
    context.log.close(record);
    context.changed();
  } catch {
    // The client went away while it sent its request, or sent a target that is no URL.
    response.destroy();
  }
}
