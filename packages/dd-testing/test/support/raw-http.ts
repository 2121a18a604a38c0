import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Opens a connection to the port of a URL and collects what comes back. */
export async function rawConnection(
  url: string,
): Promise<{ socket: Socket; received: () => string; ended: Promise<unknown> }> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  socket.on("error", () => {});
  const ended = once(socket, "close");
  await once(socket, "connect");
  return { socket, received: () => received, ended };
}

/** The head and chunks of a chunked PUT, one element for each piece to write. */
export function chunkedPut(path: string, body: Uint8Array, chunkBytes: number): Buffer[] {
  const pieces = [
    Buffer.from(
      `PUT ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/msgpack\r\ntransfer-encoding: chunked\r\n\r\n`,
    ),
  ];
  for (let start = 0; start < body.length; start += chunkBytes) {
    const chunk = body.subarray(start, start + chunkBytes);
    pieces.push(
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      Buffer.from(chunk),
      Buffer.from("\r\n"),
    );
  }
  return [...pieces, Buffer.from("0\r\n\r\n")];
}

/** A PUT with a content length, in one piece. */
export function plainPut(path: string, body: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(
      `PUT ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/msgpack\r\ncontent-length: ${body.length}\r\n\r\n`,
    ),
    body,
  ]);
}
