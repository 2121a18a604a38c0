import { type AnswerSource, answerRequest, type PendingRequest, refuse } from "./answer-request.ts";
import type { IncomingRequest } from "./http-protocols.ts";
import { describeRequest, parseBody, readBody } from "./read-request.ts";
import { openRecord } from "./recorded-request.ts";
import type { RequestLog } from "./request-log.ts";
import { routeOf, unknownRoute } from "./request-route.ts";
import type { ResponseChannel } from "./response-channel.ts";

/** What serving a request needs of the server. */
export interface ServingContext extends AnswerSource {
  readonly log: RequestLog;
  readonly maxBodyBytes: number;
  readonly now: () => number;
  readonly nextSequence: () => number;
  /** Tells waiting tests that a record changed. */
  readonly changed: () => void;
}

/** Bytes a record takes: its text once as parsed body and once as prompt, two for a character. */
function estimateBytes(body: Buffer | undefined): number {
  return 1024 + (body?.length ?? 0) * 4;
}

async function serve(
  context: ServingContext,
  pending: PendingRequest,
  body: Buffer | undefined,
): Promise<void> {
  const { log } = context;
  log.open(pending.record, estimateBytes(body));
  context.changed();
  try {
    if (body === undefined) await refuse(pending, { kind: "request_too_large" }, "refused_request");
    else await answerRequest(context, pending);
  } finally {
    log.close(pending.record);
    context.changed();
  }
}

/** Serves one request from its first byte to its record. Never rejects. */
export async function serveRequest(
  context: ServingContext,
  message: IncomingRequest,
  channel: ResponseChannel,
): Promise<void> {
  try {
    const url = new URL(message.url ?? "/", "http://provider.test");
    const route = routeOf(url, message.method ?? "") ?? unknownRoute(url);
    const bytes = await readBody(message, context.maxBodyBytes);
    const sequence = context.nextSequence();
    const body = bytes && (await parseBody(bytes, message.headers["content-type"]));
    const request = describeRequest(message, url, route, body ?? "", sequence);
    const record = openRecord(request, context.now());
    const { changed } = context;
    await serve(context, { request, route, channel, record, changed }, bytes);
  } catch {
    // The client went away while it sent its request, or sent a target that is no URL.
    channel.destroy();
  }
}
