import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

const lengthBytes = 4;

/** Settings of the stream server. */
export interface StreamServerOptions {
  /** Path of the unix socket; it must not exist. */
  readonly path: string;
  /** Most bytes of one packet, as the Agent's receive buffer. */
  readonly bufferBytes: number;
  readonly unref: boolean;
  /** Takes the lines of one packet. */
  readonly take: (packet: Buffer) => void;
  /** Told of a packet that is too large, or of a connection that ends within one. */
  readonly refuse: (reason: string, size: number) => void;
}

/**
 * DogStatsD on a unix socket of the stream kind: packets with their length before them, four bytes,
 * the lowest first. Node cannot open unix sockets of the datagram kind.
 *
 * Source: `comp/dogstatsd/listeners/uds_stream.go` of the Agent.
 */
export class StreamServer {
  readonly #options: StreamServerOptions;
  readonly #sockets: Set<Socket> = new Set();
  #server: Server | undefined;

  constructor(options: StreamServerOptions) {
    this.#options = options;
  }

  /** Starts listening; does nothing when it does already. */
  async open(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((socket) => this.#receive(socket));
    if (this.#options.unref) server.unref();
    server.listen(this.#options.path);
    await once(server, "listening");
    this.#server = server;
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #receive(socket: Socket): void {
    const { refuse, unref } = this.#options;
    this.#sockets.add(socket);
    if (unref) socket.unref();
    let waiting: Buffer = Buffer.alloc(0);
    // A client that went away is not an error of the agent.
    socket.on("error", () => {});
    socket.on("data", (piece) => {
      waiting = this.#takePackets(socket, Buffer.concat([waiting, piece]));
    });
    socket.on("close", () => {
      this.#sockets.delete(socket);
      if (waiting.length > 0) refuse("the connection ended within a packet", waiting.length);
    });
  }

  /** Takes the whole packets and returns the rest. */
  #takePackets(socket: Socket, bytes: Buffer): Buffer {
    const { bufferBytes, refuse, take } = this.#options;
    let start = 0;
    while (bytes.length - start >= lengthBytes) {
      const length = bytes.readUInt32LE(start);
      if (length > bufferBytes) {
        // What follows cannot be told from the rest of the packet, so the Agent closes the connection.
        refuse(
          `a packet of ${length} bytes is larger than the receive buffer of ${bufferBytes}`,
          length,
        );
        socket.destroy();
        return Buffer.alloc(0);
      }
      const end = start + lengthBytes + length;
      if (end > bytes.length) break;
      take(bytes.subarray(start + lengthBytes, end));
      start = end;
    }
    return bytes.subarray(start);
  }
}
