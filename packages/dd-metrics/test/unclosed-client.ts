// Sends one value and neither flushes nor closes; run in a process of its own.
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith("dd-trace")) throw new Error("dd-trace is not installed");
    return next(specifier, context);
  },
});

const { createMetrics } = await import("@llmdevops/dd-metrics");
const metrics = createMetrics({
  service: "checkout",
  dogstatsd: { host: "127.0.0.1", port: Number(process.env["RECEIVER_PORT"]) },
  flushIntervalMs: 60_000,
});
metrics.increment("orders.placed");
if (process.env["FLUSHES"] === "true") await metrics.flush();
process.stdout.write(`sent ${metrics.sent}\n`);
