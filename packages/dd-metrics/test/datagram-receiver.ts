import { createSocket } from "node:dgram";
import { once } from "node:events";

/** A line of DogStatsD, taken apart. */
export interface Line {
  readonly text: string;
  readonly name: string;
  readonly value: string;
  readonly type: string;
  readonly tags: readonly string[];
  readonly fields: readonly string[];
}

export interface DatagramReceiver {
  readonly port: number;
  readonly datagrams: readonly Buffer[];
  /** Resolves with everything received as soon as that many lines are there. */
  lines(count: number): Promise<Line[]>;
  stop(): void;
}

/** Listens for datagrams on the loopback interface. @param port @default any */
export async function startReceiver(
  address: string = "127.0.0.1",
  port: number = 0,
): Promise<DatagramReceiver> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  const datagrams: Buffer[] = [];
  socket.on("message", (datagram) => datagrams.push(datagram));
  socket.bind(port, address);
  await once(socket, "listening");
  const received = () => datagrams.flatMap((datagram) => datagram.toString("utf8").split("\n"));
  return {
    port: socket.address().port,
    datagrams,
    async lines(count) {
      while (received().length < count) await once(socket, "message");
      return received().map(parseLine);
    },
    stop: () => socket.close(),
  };
}

function parseLine(text: string): Line {
  const [head = "", type = "", ...fields] = text.split("|");
  const colon = head.indexOf(":");
  const tags = fields.find((field) => field.startsWith("#"));
  return {
    text,
    name: head.slice(0, colon),
    value: head.slice(colon + 1),
    type,
    tags: tags === undefined ? [] : tags.slice(1).split(","),
    fields: fields.filter((field) => !/^(#|c:|e:|card:)/.test(field)),
  };
}
