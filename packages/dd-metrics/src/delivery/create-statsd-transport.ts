import type { Diagnostics } from "@llmdevops/dd-core";
import type { DogStatsDAddresses } from "./dogstatsd-address.ts";
import type { StatsDTransport } from "./statsd-transport.ts";
import { createUdpTransport } from "./udp-transport.ts";
import { createUnixTransport } from "./unix-transport.ts";

/** Creates the transport: the preferred one, or UDP where the native module for a unix socket is missing. */
export function createStatsDTransport(
  { preferred, udp }: DogStatsDAddresses,
  diagnostics: Diagnostics,
): StatsDTransport {
  if (preferred.protocol === "udp") return createUdpTransport(preferred, diagnostics);
  const transport = createUnixTransport(preferred);
  if (transport !== undefined) return transport;
  diagnostics.warnOnce(
    "unix-dgram-missing",
    `Metrics go to ${udp.host}:${udp.port} over UDP instead of the unix socket ${preferred.path}, which needs the native module unix-dgram; it is not installed or not built. Install it with: npm install unix-dgram.`,
  );
  diagnostics.count("dogstatsd_unix_socket_unavailable");
  return createUdpTransport(udp, diagnostics);
}
