import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { AgentRecords } from "../agent-records.ts";
import { parseDatagram } from "./parse-datagram.ts";
import type { ReceivedMetric } from "./parse-metric.ts";
import { StreamServer } from "./stream-server.ts";

/** A burst waits there while the test computes; Linux cuts this to its own maximum. */
const socketBufferBytes = 4 * 1024 * 1024;

/** Settings of the DogStatsD server. */
export interface DogstatsdServerOptions {
  /** UDP port on 127.0.0.1, 0 for any. */
  readonly port: number;
  /** Path of a unix socket of the stream kind, empty for none. */
  readonly socketPath: string;
  /** Receive buffer of the Agent in bytes; the rest of a longer datagram is lost. */
  readonly bufferBytes: number;
  readonly unref: boolean;
}

/** A DogStatsD server on UDP, and on a unix socket where that is asked for, that can be closed and opened again on the same port. */
export class DogstatsdServer {
  readonly #records: AgentRecords;
  readonly #options: DogstatsdServerOptions;
  readonly #stream: StreamServer | undefined;
  #socket: Socket | undefined;
  #port: number;

  constructor(records: AgentRecords, options: DogstatsdServerOptions) {
    this.#records = records;
    this.#options = options;
    this.#port = options.port;
    if (options.socketPath === "") return;
    this.#stream = new StreamServer({
      path: options.socketPath,
      bufferBytes: options.bufferBytes,
      unref: options.unref,
      take: (packet) => this.#take(packet),
      refuse: (reason, size) => {
        this.#reject(reason, size);
        this.#records.notify();
      },
    });
  }

  get port(): number {
    return this.#port;
  }

  /** Starts listening; does nothing when it does already. */
  async open(): Promise<void> {
    if (this.#socket !== undefined) return;
    const socket = createSocket("udp4");
    socket.on("message", (datagram) => this.#receiveDatagram(datagram));
    try {
      socket.bind({ port: this.#port, address: "127.0.0.1" });
      await once(socket, "listening");
    } catch (error) {
      socket.close();
      throw error;
    }
    try {
      socket.setRecvBufferSize(socketBufferBytes);
    } catch {
      // A system that allows less keeps its own size.
    }
    // Later errors belong to no datagram that could be refused.
    socket.on("error", () => {});
    if (this.#options.unref) socket.unref();
    this.#port = socket.address().port;
    this.#socket = socket;
    try {
      await this.#stream?.open();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    await this.#stream?.close();
    if (socket === undefined) return;
    await new Promise<void>((resolve) => {
      socket.close(() => resolve());
    });
  }

  /** Takes the body of a request to the HTTP proxy, which the Agent sends on line by line. */
  receiveLines(body: Uint8Array): void {
    this.#take(body);
  }

  #receiveDatagram(datagram: Uint8Array): void {
    const { bufferBytes } = this.#options;
    if (datagram.length > bufferBytes) {
      this.#reject(
        `a datagram of ${datagram.length} bytes was cut to the receive buffer of ${bufferBytes}`,
        datagram.length,
      );
    }
    this.#take(datagram.subarray(0, bufferBytes));
  }

  #take(lines: Uint8Array): void {
    for (const message of parseDatagram(lines)) {
      const { bytes } = message;
      if (message.kind === "metric") this.#keepMetric(message.metric, bytes);
      else if (message.kind === "event") this.#records.add("events", message.event, bytes);
      else if (message.kind === "serviceCheck") {
        this.#records.add("serviceChecks", message.check, bytes);
      } else this.#reject(message.reason, bytes);
    }
    this.#records.notify();
  }

  #keepMetric(metric: ReceivedMetric, bytes: number): void {
    this.#records.add("metrics", metric, bytes);
    if (metric.timestamp === undefined || metric.type === "c" || metric.type === "g") return;
    const message = `${metric.name}: the Agent drops a metric of type ${metric.type} with a timestamp`;
    this.#records.add(
      "checkFailures",
      { check: "dogstatsd_timestamp_type", path: "dogstatsd", message },
      bytes,
    );
  }

  #reject(reason: string, bodySize: number): void {
    this.#records.add(
      "rejections",
      { path: "dogstatsd", status: null, reason, bodySize },
      Buffer.byteLength(reason),
    );
  }
}
