import { createSocket } from "node:dgram";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { sendExitDatagrams } from "../../src/agent-link/exit-datagrams.ts";

async function startReceiver(address = "127.0.0.1") {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  const messages: string[] = [];
  socket.on("message", (message) => messages.push(message.toString()));
  socket.bind(0, address);
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  const received = async (count: number) => {
    while (messages.length < count) await once(socket, "message");
    return messages;
  };
  return { port: socket.address().port, messages, received };
}

const numbered = (host: string, port: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ host, port, message: `n:${index}|c` }));

test("a burst goes out in its order, eight at a time, so that the receiver keeps up", async () => {
  const { port, received } = await startReceiver();
  let expected = 0;
  const sizes: number[] = [];
  const pause = async () => {
    expected += 8;
    sizes.push((await received(expected)).length);
  };

  await sendExitDatagrams(numbered("127.0.0.1", port, 100), pause);

  expect(sizes).toEqual(Array.from({ length: 12 }, (_, index) => 8 * (index + 1)));
  expect(await received(100)).toEqual(numbered("", 0, 100).map(({ message }) => message));
});

test("a host that is not found takes nothing from the others, and nothing rejects", async () => {
  const { port, received } = await startReceiver();

  await sendExitDatagrams([
    ...numbered("host.invalid", port, 1),
    ...numbered("localhost", port, 2),
    ...numbered("127.0.0.1", port, 1).map((datagram) => ({
      ...datagram,
      message: "x".repeat(70_000),
    })),
    ...numbered("127.0.0.1", port, 1),
  ]);

  expect([...(await received(3))].sort()).toEqual(["n:0|c", "n:0|c", "n:1|c"]);
});

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === "::1");

test.skipIf(!hasIpv6)(
  "IPv4 and IPv6 each have a socket (skipped where there is no ::1)",
  async () => {
    const [four, six] = [await startReceiver(), await startReceiver("::1")];

    await sendExitDatagrams([
      ...numbered("::1", six.port, 1),
      ...numbered("127.0.0.1", four.port, 1),
    ]);

    expect(await six.received(1)).toEqual(["n:0|c"]);
    expect(await four.received(1)).toEqual(["n:0|c"]);
  },
);
