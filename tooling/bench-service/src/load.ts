// Sends requests from a process of its own, and measures how long each takes.
//
// At a rate, requests start when they are due, whether or not earlier ones are answered, and a latency counts from
// that moment: a service that stalls is seen to stall. Without one, every connection asks again as soon as it is
// answered.
import { Agent, request } from "node:http";
import { createHistogram } from "node:perf_hooks";

/** What one phase of load is. */
export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  /** For how long and how many for each second, or how many in all, as fast as they are answered. */
  readonly amount:
    | { readonly seconds: number; readonly rate: number }
    | { readonly requests: number };
}

/** What one phase of load has shown. */
export interface LoadResult {
  readonly requests: number;
  readonly failures: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const body = JSON.stringify({ question: "How long can I return an order that I have not opened?" });

async function load({ port, connections, amount }: LoadOrder): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies = createHistogram();
  let requests = 0;
  let failures = 0;
  const ask = (due: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (isSuccess: boolean): void => {
        if (isSuccess) requests += 1;
        else failures += 1;
        latencies.record(Math.max(1, Math.round((performance.now() - due) * 1_000)));
        resolve();
      };
      const headers = { "content-type": "application/json", "content-length": body.length };
      request({ host: "127.0.0.1", port, method: "POST", path: "/answer", agent, headers })
        .on("response", (response) => {
          response.resume().on("end", () => done(response.statusCode === 200));
        })
        .on("error", () => done(false))
        .end(body);
    });
  const begin = performance.now();
  if ("requests" in amount) {
    let left = amount.requests;
    const lane = async (): Promise<void> => {
      for (; left > 0; await ask(performance.now())) left -= 1;
    };
    await Promise.all(Array.from({ length: connections }, lane));
  } else {
    const { seconds, rate } = amount;
    const end = begin + seconds * 1_000;
    const pending: Promise<void>[] = [];
    let due = begin;
    while (due < end) {
      for (const now = performance.now(); due <= now && due < end; due += 1_000 / rate) {
        pending.push(ask(due));
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    }
    await Promise.all(pending);
  }
  const taken = (performance.now() - begin) / 1_000;
  agent.destroy();
  return {
    requests,
    failures,
    seconds: taken,
    p50Ms: latencies.percentile(50) / 1_000,
    p99Ms: latencies.percentile(99) / 1_000,
  };
}

process.on("message", (order) => {
  void load(order as LoadOrder).then((result) => process.send?.(result));
});
process.on("disconnect", () => process.exit());
