import type { OpenRecord, ProviderRequestFailure } from "./recorded-request.ts";
import type { ReplyPlan } from "./reply-plan.ts";
import type { RequestRoute } from "./request-route.ts";
import type { ResponseChannel } from "./response-channel.ts";
import type { ScriptedReply } from "./scripted-reply.ts";

/** One answer on its way: what to say, where to write it, what to record. */
export interface Delivery {
  readonly route: RequestRoute;
  readonly plan: ReplyPlan;
  readonly reply: ScriptedReply;
  readonly channel: ResponseChannel;
  readonly record: OpenRecord;
  /** Tells waiting tests that the record changed. */
  readonly changed: () => void;
}

/** Puts the headers of an answer together; scripted ones win, however they are spelt. */
export function responseHeaders(
  { plan, reply, route }: Delivery,
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  const all = { ...headers, ...route.encoder.headers(plan) };
  for (const [name, value] of Object.entries(reply.headers ?? {})) all[name.toLowerCase()] = value;
  return all;
}

/** Records how a request ended; a client that went away explains every other failure. */
export function settle(delivery: Delivery, failure?: ProviderRequestFailure): void {
  const { channel, record } = delivery;
  const gone = channel.end === "client_gone";
  const reason = channel.end === "server_stopped" ? "server_stopped" : failure;
  record.outcome = gone ? "aborted_by_client" : reason === undefined ? "completed" : "failed";
  record.failure = gone ? undefined : reason;
  record.abortedAtChunk = gone ? record.chunksSent : undefined;
}

/** Ends a response. The record is settled first: the client may look at it as soon as it is told. */
export async function finish(
  delivery: Delivery,
  text: string | Uint8Array,
  failure?: ProviderRequestFailure,
): Promise<void> {
  settle(delivery, failure);
  if (!(await delivery.channel.finish(text))) settle(delivery, failure);
}

/** Destroys the connection as the script asks for. */
export function cut(delivery: Delivery): void {
  delivery.channel.destroy();
  settle(delivery, "connection_cut");
}
