import { createServer, type Server, type Socket } from "node:net";
import { PGlite } from "@electric-sql/pglite";

/** A PostgreSQL that lives in this process. */
export interface LocalDatabase {
  /** For `DATABASE_URL`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** What a client sends first to ask for encryption (PostgreSQL's protocol 3, message SSLRequest). */
const encryptionRequest = 80_877_103;
const terminate = "X".charCodeAt(0);

/**
 * Starts PostgreSQL (PGlite) with a port on 127.0.0.1, so that nothing has to be installed. It is for trying things
 * out: its clients share one session.
 *
 * @param port 0 lets the system choose. @default 0
 */
export async function startDatabase(port = 0): Promise<LocalDatabase> {
  const database = await PGlite.create();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    serve(socket, database);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${portOf(server)}/postgres`,
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await database.close();
    },
  };
}

/** Cuts the stream of a connection into messages and has the database answer each. */
function serve(socket: Socket, database: PGlite): void {
  let received = Buffer.alloc(0);
  let isStarted = false;
  let answered = Promise.resolve();
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (let message = next(); message !== undefined; message = next()) answer(message);
  });

  function next(): Buffer | undefined {
    // Only the first message has no letter before its length.
    const start = isStarted ? 1 : 0;
    if (received.length < start + 4) return undefined;
    const length = start + received.readInt32BE(start);
    if (received.length < length) return undefined;
    const message = received.subarray(0, length);
    received = received.subarray(length);
    return message;
  }

  function answer(message: Buffer): void {
    if (!isStarted && message.readInt32BE(4) === encryptionRequest) {
      socket.write("N");
      return;
    }
    if (isStarted && message[0] === terminate) {
      socket.end();
      return;
    }
    isStarted = true;
    answered = answered
      .then(async () => {
        socket.write(await database.execProtocolRaw(message));
      })
      .catch(() => {
        socket.destroy();
      });
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
