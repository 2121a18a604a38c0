import { type Diagnostics, type ExitDelivery, SocketError } from "@llmdevops/dd-core";
import { maskedName } from "@llmdevops/dd-core/options";
import type { DatagramTransport } from "./datagram-sender.ts";
import type { DogStatsDAddress } from "./dogstatsd-address.ts";

/** The way out for datagrams, on hot-shots. */
export interface StatsDTransport extends DatagramTransport {
  readonly address: DogStatsDAddress;
  /** What says where a value comes from, with the leading `|`: container and external data. */
  readonly originFields: string;
  /** The cardinality of tags that the environment asks for. */
  readonly cardinality: string | undefined;
  /**
   * Sends one when nothing asynchronous runs any more.
   *
   * @param deadline By the clock of `performance.now` (ms).
   * @returns Whether it went out, or is left to be sent.
   */
  handOver(message: string, delivery: ExitDelivery, deadline: number): boolean;
  close(done: (error?: Error | null) => void): void;
}

/** Reports that a datagram could not be sent. */
export function reportSocketError(diagnostics: Diagnostics, cause: Error): void {
  diagnostics.fault(
    "dogstatsd_socket_error",
    new SocketError(`A DogStatsD datagram could not be sent: ${maskedName(cause.message)}`, {
      cause,
    }),
  );
}
