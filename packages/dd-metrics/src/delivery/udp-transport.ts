import { isIPv6 } from "node:net";
import type { Diagnostics } from "@llmdevops/dd-core";
import { type CachedLookup, createCachedLookup } from "./cached-lookup.ts";
import type { DogStatsDAddress } from "./dogstatsd-address.ts";
import { createStatsDClient, originFieldsOf, type StatsDClient } from "./statsd-client.ts";
import { reportSocketError, type StatsDTransport } from "./statsd-transport.ts";

type SocketType = "udp4" | "udp6";

/**
 * Sends over UDP, by IPv4 or IPv6 as the address of the moment wants it: a name may come to mean another machine, or
 * have an IPv6 address only.
 */
export function createUdpTransport(
  address: Extract<DogStatsDAddress, { protocol: "udp" }>,
  diagnostics: Diagnostics,
  lookup: CachedLookup = createCachedLookup(),
): StatsDTransport {
  const clients = new Map<SocketType, StatsDClient>();
  let isClosed = false;
  const clientFor = (type: SocketType): StatsDClient => {
    const known = clients.get(type);
    if (known !== undefined) return known;
    const client = createStatsDClient({ ...address, udpSocketOptions: { type, lookup } }, (cause) =>
      reportSocketError(diagnostics, cause),
    );
    clients.set(type, client);
    return client;
  };
  const first = clientFor(isIPv6(address.host) ? "udp6" : "udp4");
  return {
    address,
    originFields: originFieldsOf(first),
    cardinality: first.cardinality,
    send(message, done) {
      lookup(address.host, undefined, (error, _found, family) => {
        if (error !== null) done(error);
        else if (isClosed) done(new Error("The client is closed."));
        else clientFor(family === 6 ? "udp6" : "udp4").sendMessage(message, done);
      });
    },
    // Node hands a datagram to the system within the call, once it knows the address.
    sendsAtOnce: () => lookup.known(address.host) !== undefined,
    handOver: (message, delivery) =>
      delivery.datagram({
        host: lookup.known(address.host) ?? address.host,
        port: address.port,
        message,
      }),
    close(done) {
      isClosed = true;
      let open = clients.size;
      for (const client of clients.values()) {
        client.close((error) => {
          open -= 1;
          if (open === 0) done(error);
        });
      }
    },
  };
}
