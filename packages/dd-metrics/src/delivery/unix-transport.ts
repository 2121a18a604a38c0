import type { Diagnostics } from "@llmdevops/dd-core";
import type { DogStatsDAddress } from "./dogstatsd-address.ts";
import { createStatsDClient, originFieldsOf } from "./statsd-client.ts";
import { reportSocketError, type StatsDTransport } from "./statsd-transport.ts";

/** How long the end of the process waits before it tries a full queue again. */
const pauseMs = 2;

/**
 * Sends over a unix datagram socket, by the native module that hot-shots loads.
 *
 * @returns `undefined` where the module is missing.
 */
export function createUnixTransport(
  address: Extract<DogStatsDAddress, { protocol: "uds" }>,
  diagnostics: Diagnostics,
): StatsDTransport | undefined {
  let lacksNativeModule = false;
  const client = createStatsDClient({ ...address }, (cause) => {
    // hot-shots says so in words only.
    if (/unix_dgram.+is not installed/.test(cause.message)) lacksNativeModule = true;
    else reportSocketError(diagnostics, cause);
  });
  if (lacksNativeModule) {
    client.close(() => {});
    return undefined;
  }
  return {
    address,
    originFields: originFieldsOf(client),
    cardinality: client.cardinality,
    send: (message, done) => client.sendMessage(message, done),
    sendsAtOnce: () => true,
    handOver(message, _delivery, deadline) {
      const wait = new Int32Array(new SharedArrayBuffer(4));
      for (;;) {
        const sent = sendsNow((done) => client.sendMessage(message, done));
        if (sent !== undefined) return sent;
        if (performance.now() + pauseMs > deadline) return false;
        Atomics.wait(wait, 0, 0, pauseMs);
      }
    },
    close: (done) => client.close(done),
  };
}

/** Whether a message went out within the call; `undefined` where the receiver's queue is full. */
function sendsNow(send: (done: (error?: Error | null) => void) => void): boolean | undefined {
  // The module answers within the call; where the queue is full hot-shots waits, for a timer that will not come.
  let sent: boolean | undefined;
  try {
    send((error) => {
      sent = error === undefined || error === null;
    });
  } catch {
    return false;
  }
  return sent;
}
