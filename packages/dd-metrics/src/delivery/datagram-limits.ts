import type { Environment } from "@llmdevops/dd-core";
import type { DogStatsDAddress } from "./dogstatsd-address.ts";

/** Longest datagram that no common network splits (https://docs.datadoghq.com/developers/dogstatsd/high_throughput/). */
const udpDatagramBytes = 1_432;
/** The Agent's own buffer for one datagram (`dogstatsd_buffer_size`). */
const socketDatagramBytes = 8_192;
/** Name (200), value (64), then type, sample rate and timestamp. */
const lineBytesWithoutTags = 328;
/** Container id and cardinality, which hot-shots puts at the end of a line. */
const originBytes = 100;

/** How long a datagram may be (bytes). */
export function datagramBytes(address: DogStatsDAddress): number {
  return address.protocol === "uds" ? socketDatagramBytes : udpDatagramBytes;
}

/** What the tags of one line may take, so that the line fits one datagram (bytes). */
export function tagBytes(address: DogStatsDAddress, environment: Environment): number {
  const externalData = Buffer.byteLength(environment["DD_EXTERNAL_ENV"] ?? "");
  return datagramBytes(address) - lineBytesWithoutTags - originBytes - externalData;
}
