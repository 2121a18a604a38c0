import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startReceiver } from "./datagram-receiver.ts";

const script = fileURLToPath(new URL("unclosed-client.ts", import.meta.url));

async function run(
  port: number,
  flushes: boolean,
): Promise<{ output: string; errors: string; status: unknown }> {
  const child = spawn(process.execPath, ["--conditions=@llmdevops/source", script], {
    env: { PATH: process.env["PATH"], RECEIVER_PORT: String(port), FLUSHES: String(flushes) },
    timeout: 30_000,
  });
  const [output, errors, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { output, errors, status };
}

test("a process with an open client ends by itself before the next flush, which it makes up for, without dd-trace", async () => {
  const receiver = await startReceiver();

  expect(await run(receiver.port, false)).toEqual({ output: "sent 0\n", errors: "", status: 0 });
  expect(await receiver.lines(1)).toHaveLength(1);
  receiver.stop();
});

test("an awaited flush is complete before the process ends", async () => {
  const receiver = await startReceiver();

  expect(await run(receiver.port, true)).toEqual({ output: "sent 1\n", errors: "", status: 0 });
  expect(await receiver.lines(1)).toHaveLength(1);
  receiver.stop();
});
