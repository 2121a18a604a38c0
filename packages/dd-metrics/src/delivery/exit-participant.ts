import { onProcessExit } from "@llmdevops/dd-core";
import type { Datagram } from "./datagram-sender.ts";
import type { StatsDTransport } from "./statsd-transport.ts";

/** What the end of the process needs of a client. */
export interface ExitSource {
  readonly timeoutMs: number;
  readonly transport: StatsDTransport;
  hasPending(): boolean;
  flush(): Promise<void>;
  /** Takes everything that is not with the operating system yet. */
  takeAll(): readonly Datagram[];
  /** Told what became of a datagram. */
  settle(datagram: Datagram, isHandedOver: boolean): void;
}

/**
 * Has what is gathered delivered when the process ends.
 *
 * @returns Takes the registration back.
 */
export function deliverAtExit(source: ExitSource): () => void {
  const { timeoutMs } = source;
  return onProcessExit({
    timeoutMs,
    hasPending: () => source.hasPending(),
    flush: () => source.flush(),
    handOver: (delivery) => {
      const deadline = performance.now() + timeoutMs;
      for (const datagram of source.takeAll()) {
        const { message } = datagram;
        source.settle(datagram, source.transport.handOver(message, delivery, deadline));
      }
    },
  });
}
