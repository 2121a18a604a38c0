import { type Diagnostics, SocketError } from "@llmdevops/dd-core";
import { StatsD } from "hot-shots";
import { createCachedLookup } from "./cached-lookup.ts";
import { datagramBytes } from "./datagram-limits.ts";
import type { DogStatsDAddress } from "./dogstatsd-address.ts";

/** A hot-shots client; its types leave out `send`, which writes a finished message. */
export type StatsDClient = StatsD & { send(message: string, tags: readonly string[]): void };

/**
 * Creates the hot-shots client for an address.
 *
 * @returns `undefined` when the address is a unix socket and the native module for it is missing; that is said
 *   once.
 */
export function createStatsDClient(
  address: DogStatsDAddress,
  globalTags: string[],
  flushIntervalMs: number,
  diagnostics: Diagnostics,
): StatsDClient | undefined {
  let lacksNativeModule = false;
  const client = new StatsD({
    ...address,
    maxBufferSize: datagramBytes(address),
    bufferFlushInterval: flushIntervalMs,
    // hot-shots would add the DD_* tags a second time.
    includeDataDogTags: false,
    // Otherwise hot-shots sends the container's id only where it finds one of Datadog's variables.
    datadog: true,
    includeDatadogTelemetry: false,
    globalTags,
    ...(address.protocol === "udp" ? { udpSocketOptions: udpSocket(address.host) } : {}),
    errorHandler: (cause) => {
      // hot-shots says so in words only.
      if (/unix_dgram.+is not installed/.test(cause.message)) lacksNativeModule = true;
      else reportSocketError(diagnostics, cause);
    },
  });
  if (!lacksNativeModule) return client as StatsDClient;
  diagnostics.warnOnce(
    "unix-dgram-missing",
    "Metrics are dropped: a unix socket needs the native module unix-dgram, which is not installed or not built. Install it with: npm install unix-dgram, or use UDP (dogstatsd.host, DD_DOGSTATSD_HOST).",
  );
  diagnostics.count("dogstatsd_unix_socket_unavailable");
  client.close(() => {});
  return undefined;
}

/** Reports that a datagram could not be sent. */
export function reportSocketError(diagnostics: Diagnostics, cause: Error): void {
  diagnostics.fault(
    "dogstatsd_socket_error",
    new SocketError(`A DogStatsD datagram could not be sent: ${cause.message}`, { cause }),
  );
}

function udpSocket(host: string): {
  readonly type: "udp4" | "udp6";
  readonly lookup: ReturnType<typeof createCachedLookup>;
} {
  return { type: host.includes(":") ? "udp6" : "udp4", lookup: createCachedLookup() };
}
