import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { lastJson, runModule } from "../support/child-process.ts";

/** A UDP server in the place of the Agent's DogStatsD. */
async function startReceiver(): Promise<{ port: number; messages: string[] }> {
  const messages: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (message) => void messages.push(message.toString()));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  return { port: socket.address().port, messages };
}

const participant = (port: number) => `
const { onProcessExit } = await import("@llmdevops/dd-core");
let pending = true;
const calls = [];
const forget = onProcessExit({
  timeoutMs: 10_000,
  hasPending: () => pending,
  flush: async () => { calls.push("flush"); pending = false; },
  handOver: (delivery) => {
    calls.push("handOver");
    for (const host of ["127.0.0.1", "localhost"]) {
      delivery.datagram({ host, port: ${port}, message: "work.count:1|c" });
    }
  },
});
`;

describe("a participant in the end of the process", () => {
  test.for([
    ["process.exit(5)", 5],
    ["throw new Error('planned')", 1],
    ["Promise.reject(new Error('planned'))", 1],
    ["process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)", null],
  ] as const)("has its datagrams sent at %s", async ([end, status]) => {
    const { port, messages } = await startReceiver();
    const finished = await runModule(`${participant(port)} ${end};`);

    expect(finished.status).toBe(status);
    expect(messages).toEqual(["work.count:1|c", "work.count:1|c"]);
  });

  test("is flushed at the natural end, and then has nothing left to hand over", async () => {
    const { port, messages } = await startReceiver();
    const finished = await runModule(`${participant(port)}
      process.on("exit", () => process.stdout.write(JSON.stringify(calls)));`);

    expect(finished.status).toBe(0);
    expect(lastJson(finished)).toEqual(["flush"]);
    expect(messages).toEqual([]);
  });

  test("that is never done does not keep the process from ending", async () => {
    const finished = await runModule(`
      const { onProcessExit } = await import("@llmdevops/dd-core");
      let flushes = 0;
      onProcessExit({ timeoutMs: 50, hasPending: () => true, handOver: () => {},
        flush: () => new Promise((resolve) => { flushes += 1; setTimeout(resolve, 10); }) });
      process.on("exit", () => process.stdout.write(JSON.stringify(flushes)));`);

    expect(finished.status).toBe(0);
    expect(lastJson(finished)).toBe(2);
  });

  test("that throws takes nothing from the others, nor from the status", async () => {
    const { port, messages } = await startReceiver();
    const finished = await runModule(`${participant(port)}
      const bad = { timeoutMs: 50, hasPending: () => true, flush: async () => {} };
      onProcessExit({ ...bad, handOver: () => { throw new Error("planned"); } });
      onProcessExit({ ...bad, hasPending: () => { throw new Error("planned"); } });
      process.exit(4);`);

    expect(finished.status).toBe(4);
    expect(finished.errors).toBe("");
    expect(messages).toHaveLength(2);
  });

  test("that throws at the natural end does not change it", async () => {
    const finished = await runModule(`
      const { onProcessExit } = await import("@llmdevops/dd-core");
      const fail = () => { throw new Error("planned"); };
      onProcessExit({ timeoutMs: 50, hasPending: fail, flush: fail, handOver: fail });
      onProcessExit({ timeoutMs: 50, hasPending: () => true, flush: fail, handOver: fail });`);

    expect(finished).toMatchObject({ status: 0, errors: "" });
  });

  test("that has been taken back is not asked, and no listener stays behind", async () => {
    const { port, messages } = await startReceiver();
    const finished = await runModule(`
      const names = ["beforeExit", "exit", "SIGTERM", "SIGINT"];
      const count = () => names.map((name) => process.listenerCount(name));
      const before = count();
      ${participant(port)}
      const during = count();
      forget();
      forget();
      process.stdout.write(JSON.stringify({ before, during, after: count() }));
      process.exit(0);`);

    const { before, during, after } = lastJson(finished) as Record<string, number[]>;
    expect(after).toEqual(before);
    expect(during).toEqual(before?.map((count) => count + 1));
    expect(messages).toEqual([]);
  });
});

describe("a signal", () => {
  test("is left to a handler of the application, also one that removes itself", async () => {
    const { port } = await startReceiver();
    const finished = await runModule(`
      process.once("SIGTERM", () => setTimeout(() => {
        process.stdout.write("graceful");
        process.exit(6);
      }, 50));
      ${participant(port)}
      process.kill(process.pid, "SIGTERM");
      setInterval(() => {}, 1000);`);

    expect(finished).toMatchObject({ status: 6, output: "graceful" });
  });

  test("still ends a process in which only the package signal-exit listens", async () => {
    const { port, messages } = await startReceiver();
    // What signal-exit 4 does: it acts only where it is alone.
    const finished = await runModule(`
      const emitter = { count: 1 };
      globalThis[Symbol.for("signal-exit emitter")] = emitter;
      const listener = () => {
        if (process.listeners("SIGTERM").length !== emitter.count) return;
        process.off("SIGTERM", listener);
        process.kill(process.pid, "SIGTERM");
      };
      process.on("SIGTERM", listener);
      ${participant(port)}
      process.kill(process.pid, "SIGTERM");
      setTimeout(() => process.exit(9), 5000);`);

    expect(finished.status).toBe(null);
    expect(messages).toHaveLength(2);
  });
});
