import { setTimeout as delay } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { sendExitDatagrams } from "./exit-datagrams.ts";
import { type ExitRequest, type ExitTask, exitStates } from "./exit-protocol.ts";
import { isNobodyThere, sendPayload } from "./send-payload.ts";

/**
 * The thread that sends what is left when a process ends: the thread that ends can only block and wait for it.
 */
const retryPauseMs = 200;

const task = workerData as ExitTask;
const states = new Int32Array(task.states);
const deadline = performance.now() + task.timeoutMs;

async function send(request: ExitRequest, slot: number): Promise<void> {
  const payload = { ...request, body: Buffer.from(request.body) };
  for (;;) {
    const leftMs = Math.max(1, deadline - performance.now());
    const attempt = sendPayload(payload, {
      connectTimeoutMs: leftMs,
      responseTimeoutMs: leftMs,
      apiKey: request.apiKey,
    });
    attempt.keepAlive(true);
    const watch = setInterval(() => {
      if (attempt.handedOver()) Atomics.store(states, slot, exitStates.unconfirmed);
    }, 2);
    const outcome = await attempt.outcome;
    clearInterval(watch);
    Atomics.store(states, slot, exitStates[outcome.state]);
    const isFinal = outcome.state !== "failed" || isNobodyThere(outcome);
    if (isFinal || performance.now() + retryPauseMs >= deadline) return;
    await delay(retryPauseMs);
  }
}

await Promise.allSettled([
  ...task.requests.map((request, index) => send(request, index + 1)),
  sendExitDatagrams(task.datagrams),
]);
Atomics.store(states, 0, 1);
Atomics.notify(states, 0);
