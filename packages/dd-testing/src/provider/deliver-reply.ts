import { sleepUnlessAborted } from "./cancellable-wait.ts";
import { deliverRaw } from "./deliver-raw.ts";
import { deliverStream } from "./deliver-stream.ts";
import { cut, type Delivery, finish, responseHeaders, settle } from "./delivery.ts";
import type { ProviderRequestFailure } from "./recorded-request.ts";
import { resolveError, retryHeaders, type ScriptedError } from "./scripted-error.ts";
import type { ScriptedReply } from "./scripted-reply.ts";

/** Answers with an error status. */
export async function deliverError(
  delivery: Delivery,
  script: ScriptedError,
  failure: ProviderRequestFailure,
): Promise<void> {
  const { channel, plan, record, route } = delivery;
  const error = resolveError(script, route.encoder.errorSpelling);
  record.status = error.status;
  const type = route.encoder.jsonType;
  channel.open(
    error.status,
    responseHeaders(delivery, {
      "content-type": type,
      ...retryHeaders(error),
      ...route.encoder.errorHeaders?.(error),
    }),
  );
  await finish(delivery, JSON.stringify(route.encoder.errorBody(error, plan)), failure);
}

async function deliverBody(delivery: Delivery): Promise<void> {
  const { channel, plan, record, reply, route } = delivery;
  const body = route.encoder.body(plan);
  const content = body.bytes ?? JSON.stringify(body.value);
  record.status = reply.status ?? 200;
  const type = body.type ?? route.encoder.jsonType;
  channel.open(record.status, responseHeaders(delivery, { "content-type": type, ...body.headers }));
  if (reply.truncateAfterChunks === undefined) {
    record.usageSent = body.usage;
    await finish(delivery, content);
    // The client read nothing it could use when it went away before the end of the body.
    if (record.outcome === "aborted_by_client") record.usageSent = null;
    return;
  }
  const half = content.slice(0, Math.floor(content.length / 2));
  if (!reply.cutConnection) return finish(delivery, half, "truncated");
  await channel.write(half);
  cut(delivery);
}

function scriptedError(reply: ScriptedReply, streamed: boolean): ScriptedError | undefined {
  const status = reply.status ?? 200;
  if (typeof reply.error === "string") {
    return status >= 400 ? { kind: reply.error, status } : { kind: reply.error };
  }
  if (reply.error !== undefined) return status >= 400 ? { status, ...reply.error } : reply.error;
  if (status >= 400) return { status };
  return streamed ? undefined : reply.midStreamError;
}

/** Delivers a planned reply, with its delays and its scripted failures. */
export async function deliverReply(delivery: Delivery): Promise<void> {
  const { channel, record, reply, route } = delivery;
  if (!(await sleepUnlessAborted(reply.delayMs ?? 0, channel.closed))) return settle(delivery);
  if (reply.cutConnection === true && reply.truncateAfterChunks === undefined) return cut(delivery);
  if (reply.raw !== undefined) return deliverRaw(delivery, reply.raw);
  const streamed = record.streamed && route.encoder.events !== undefined;
  const error = scriptedError(reply, streamed);
  if (error !== undefined) return deliverError(delivery, error, "scripted_error");
  return streamed ? deliverStream(delivery) : deliverBody(delivery);
}
