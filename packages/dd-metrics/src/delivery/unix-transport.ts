import type { DogStatsDAddress } from "./dogstatsd-address.ts";
import { createStatsDClient, originFieldsOf, type StatsDClient } from "./statsd-client.ts";
import type { StatsDTransport } from "./statsd-transport.ts";

/** How long the end of the process waits before it tries a full queue again. */
const pauseMs = 2;
const idleMs = 20;

type UnixAddress = Extract<DogStatsDAddress, { protocol: "uds" }>;
type WhenDone = (error?: Error | null) => void;

/**
 * Sends over a unix datagram socket, by the native module that hot-shots loads.
 *
 * An open socket of that module keeps the process alive, and one whose Agent has gone stays useless. So it is opened
 * when there is something to send and closed when all of that has gone out.
 *
 * @returns `undefined` where the module is missing.
 */
export function createUnixTransport(address: UnixAddress): StatsDTransport | undefined {
  const [probe, problem] = open(address, true);
  const { cardinality } = probe;
  const originFields = originFieldsOf(probe);
  probe.close(() => {});
  // hot-shots says so in words only.
  if (/unix_dgram.+is not installed/.test(problem?.message ?? "")) return undefined;
  const socket = new UnixSocket(address);
  return {
    address,
    originFields,
    cardinality,
    send: (message, done) => socket.send(message, done),
    sendsAtOnce: () => true,
    handOver(message, _delivery, deadline) {
      const wait = new Int32Array(new SharedArrayBuffer(4));
      for (;;) {
        const sent = sendsNow((done) => socket.send(message, done));
        if (sent !== undefined) return sent;
        if (performance.now() + pauseMs > deadline) return false;
        Atomics.wait(wait, 0, 0, pauseMs);
      }
    },
    close(done) {
      socket.close();
      done();
    },
  };
}

class UnixSocket {
  readonly #address: UnixAddress;
  #client: StatsDClient | undefined;
  #inFlight = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(address: UnixAddress) {
    this.#address = address;
  }

  send(message: string, done: WhenDone): void {
    if (this.#client === undefined) {
      const [client, problem] = open(this.#address, false);
      if (problem !== undefined) {
        client.close(() => {});
        done(problem);
        return;
      }
      this.#client = client;
    }
    this.#inFlight += 1;
    this.#client.sendMessage(message, (error) => {
      this.#inFlight -= 1;
      // Perhaps the Agent has started anew, with another socket under the same path.
      if (error) this.close();
      else if (this.#inFlight === 0) this.#closeWhenIdle();
      done(error);
    });
  }

  close(): void {
    clearTimeout(this.#idleTimer);
    this.#client?.close(() => {});
    this.#client = undefined;
  }

  #closeWhenIdle(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      if (this.#inFlight === 0) this.close();
    }, idleMs).unref();
  }
}

/** Opens a socket. @returns The client, and why it has no socket. */
function open(
  address: UnixAddress,
  detectsOrigin: boolean,
): readonly [client: StatsDClient, problem: Error | undefined] {
  let problem: Error | undefined;
  const client = createStatsDClient(
    { ...address, udsGracefulErrorHandling: false, datadog: detectsOrigin },
    (cause) => {
      problem ??= cause;
    },
  );
  return [client, problem];
}

/** Whether a message went out within the call; `undefined` where the receiver's queue is full. */
function sendsNow(send: (done: WhenDone) => void): boolean | undefined {
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
