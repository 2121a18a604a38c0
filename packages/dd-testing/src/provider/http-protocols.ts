import type { IncomingMessage, Server } from "node:http";
import { createServer, type Http2ServerRequest } from "node:http2";
import type { Socket } from "node:net";

/** A request by HTTP/1.1 or HTTP/2. */
export type IncomingRequest = IncomingMessage | Http2ServerRequest;

/** What the answers of HTTP/1.1 and HTTP/2 have in common. */
export interface OutgoingResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  /** Sends the head; HTTP/2 does that by itself. */
  flushHeaders?(): void;
  write(piece: string | Uint8Array, callback: (error?: Error | null) => void): unknown;
  end(callback: () => void): unknown;
  on(event: "close" | "error" | "finish", listener: () => void): unknown;
  destroy(): unknown;
  /** The stream of HTTP/2, whose session owns the connection. */
  readonly stream?: {
    readonly rstCode?: number;
    readonly session?: { destroy(): void } | undefined;
  };
}

/** How a client that speaks HTTP/2 without TLS begins; no method of HTTP/1.1 begins so. */
const preface = "PRI ";

function speaksHttp2(first: Buffer): boolean {
  return first.subarray(0, preface.length).toString("latin1") === preface;
}

/**
 * Lets a server of HTTP/1.1 take HTTP/2 on the same port, as the AWS SDK speaks it to Bedrock, told
 * apart by the first bytes of a connection.
 *
 * @returns A function that ends every connection, also those that have sent nothing yet.
 */
export function serveHttp2Beside(
  server: Server,
  serve: (request: IncomingRequest, response: OutgoingResponse) => void,
): () => void {
  const http2Server = createServer(serve);
  const sockets = new Set<Socket>();
  const takeHttp1 = server.listeners("connection");
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // Whoever takes the connection adds a listener of its own.
    socket.on("error", () => {});
    const leave = (): void => void socket.destroy();
    const choose = (): void => {
      const first = socket.read() as Buffer | null;
      if (first === null) return;
      socket.off("readable", choose);
      socket.off("end", leave);
      socket.unshift(first);
      if (!speaksHttp2(first)) for (const take of takeHttp1) take.call(server, socket);
      else {
        // A server of HTTP/1.1 keeps connections half open; a session would not see its client go.
        socket.allowHalfOpen = false;
        http2Server.emit("connection", socket);
      }
    };
    socket.on("readable", choose);
    // A client that says nothing and ends would stay half open.
    socket.once("end", leave);
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}
