// Run by receive.ts in a process of its own: sends spans and metrics at a steady rate, then says how many.
import { createSocket } from "node:dgram";
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom } from "../src/load/seeded-random.ts";
import { syntheticTrace } from "../src/load/synthetic-trace.ts";
import { sendTraces } from "../src/replay/send-traces.ts";

const [url = "", port = "", seconds = "5", spansPerSecond = "0", samplesPerSecond = "0"] =
  process.argv.slice(2);
const intervalMs = 20;
const random = seededRandom(1);
const shape = { depth: 3, fanOut: 2, errorRate: 0.05, llmShare: 0.5, agents: 2 };
const traces = Array.from({ length: 200 }, () => syntheticTrace(random, shape, Date.now()));
const metric = `load.latency:${Array.from({ length: 20 }, (_, index) => index).join(":")}|d|#service:load,env:bench`;
const socket = createSocket("udp4");
const sent = { spans: 0, samples: 0, refused: 0 };
const began = performance.now();
const pending = new Set<Promise<void>>();

for (let next = 0; performance.now() - began < Number(seconds) * 1_000; ) {
  const elapsed = (performance.now() - began) / 1_000;
  const batch = [];
  while (sent.spans < elapsed * Number(spansPerSecond) && batch.length < 100) {
    const trace = traces[next % traces.length] ?? [];
    next += 1;
    batch.push(trace);
    sent.spans += trace.length;
  }
  if (batch.length > 0) {
    const result = sendTraces(url, batch).then(({ isAccepted }) => {
      sent.refused += isAccepted ? 0 : 1;
      pending.delete(result);
    });
    pending.add(result);
  }
  while (sent.samples < elapsed * Number(samplesPerSecond)) {
    socket.send(metric, Number(port), "127.0.0.1");
    sent.samples += 20;
  }
  await delay(intervalMs);
}
await Promise.all(pending);
socket.close();
process.stdout.write(JSON.stringify(sent));
