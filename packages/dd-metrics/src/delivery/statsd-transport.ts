import { type Diagnostics, SocketError } from "@llmdevops/dd-core";
import { StatsD } from "hot-shots";
import { createCachedLookup } from "./cached-lookup.ts";
import type { DatagramTransport } from "./datagram-sender.ts";
import type { DogStatsDAddress } from "./dogstatsd-address.ts";

/** What hot-shots has besides what its types show. */
type StatsDClient = StatsD & {
  /** Sends a finished datagram past every buffer. */
  sendMessage(message: string, done: (error?: Error | null) => void): void;
  readonly containerID?: string;
  readonly externalData?: string;
  readonly cardinality?: string;
};

/** The way out for datagrams, on hot-shots. */
export interface StatsDTransport extends DatagramTransport {
  readonly address: DogStatsDAddress;
  /** What says where a value comes from, with the leading `|`: container and external data. */
  readonly originFields: string;
  /** The cardinality of tags that the environment asks for. */
  readonly cardinality: string | undefined;
  close(done: (error?: Error | null) => void): void;
}

/**
 * Creates the transport for an address.
 *
 * @param fallback The UDP address in use where the first is a unix socket and the native module for it is missing.
 */
export function createStatsDTransport(
  address: DogStatsDAddress,
  fallback: DogStatsDAddress,
  diagnostics: Diagnostics,
): StatsDTransport {
  const transport = connect(address, diagnostics);
  if (transport !== undefined) return transport;
  const instead = fallback.protocol === "udp" ? `${fallback.host}:${fallback.port}` : "";
  diagnostics.warnOnce(
    "unix-dgram-missing",
    `Metrics go to ${instead} over UDP instead of the unix socket, which needs the native module unix-dgram; it is not installed or not built. Install it with: npm install unix-dgram.`,
  );
  diagnostics.count("dogstatsd_unix_socket_unavailable");
  return connect(fallback, diagnostics) ?? unreachable();
}

function connect(address: DogStatsDAddress, diagnostics: Diagnostics): StatsDTransport | undefined {
  let lacksNativeModule = false;
  const lookup = createCachedLookup();
  const client = new StatsD({
    ...address,
    // Lines are gathered and packed before.
    maxBufferSize: 0,
    // hot-shots would add the DD_* tags a second time.
    includeDataDogTags: false,
    // Otherwise hot-shots finds the container's id only where it finds one of Datadog's variables.
    datadog: true,
    includeDatadogTelemetry: false,
    ...(address.protocol === "udp"
      ? { udpSocketOptions: { type: address.host.includes(":") ? "udp6" : "udp4", lookup } }
      : {}),
    errorHandler: (cause) => {
      // hot-shots says so in words only.
      if (/unix_dgram.+is not installed/.test(cause.message)) lacksNativeModule = true;
      else reportSocketError(diagnostics, cause);
    },
  }) as StatsDClient;
  if (lacksNativeModule) {
    client.close(() => {});
    return undefined;
  }
  const { containerID, externalData } = client;
  return {
    address,
    originFields: [
      containerID ? `|c:${containerID}` : "",
      externalData ? `|e:${externalData}` : "",
    ].join(""),
    cardinality: client.cardinality,
    send: (message, done) => client.sendMessage(message, done),
    // Node hands a datagram to the system within the call, once it knows the address.
    sendsAtOnce: () => address.protocol === "uds" || lookup.isReady(address.host),
    close: (done) => client.close(done),
  };
}

function unreachable(): never {
  throw new Error("A UDP socket needs no native module.");
}

/** Reports that a datagram could not be sent. */
export function reportSocketError(diagnostics: Diagnostics, cause: Error): void {
  diagnostics.fault(
    "dogstatsd_socket_error",
    new SocketError(`A DogStatsD datagram could not be sent: ${cause.message}`, { cause }),
  );
}
