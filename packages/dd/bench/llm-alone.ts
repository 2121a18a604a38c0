import diagnostics from "node:diagnostics_channel";
import { setTimeout as delay } from "node:timers/promises";
import { processTime } from "@llmdevops/measure";
import { documentedCall, handWrittenCall } from "./llm-by-hand.ts";

/**
 * A process with dd-trace alone, set up as our client sets it up; it makes model calls when it is asked to, and says
 * what CPU time they have taken (µs).
 */
interface Order {
  readonly kind: keyof typeof calls;
  readonly count: number;
  /** Whether the time lasts until the receiver has answered. */
  readonly isExported: boolean;
}

const [url = ""] = process.argv.slice(2);
Object.assign(process.env, {
  DD_LLMOBS_ENABLED: "true",
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false",
  DD_REMOTE_CONFIGURATION_ENABLED: "false",
  DD_CRASHTRACKING_ENABLED: "false",
});
const { default: tracer } = await import("dd-trace");
tracer.init({
  service: "bench",
  url,
  plugins: false,
  startupLogs: false,
  runtimeMetrics: false,
  llmobs: { mlApp: "bench" },
});
const calls = {
  documented: documentedCall(tracer, true),
  contentless: documentedCall(tracer, false),
  handWritten: handWrittenCall(tracer),
};

/** dd-trace drops what is more than 1,000 at a time. */
const mostEvents = 900;

let open = 0;
diagnostics.subscribe("http.client.request.start", () => {
  open += 1;
});
const settle = (): void => {
  open -= 1;
};
diagnostics.subscribe("http.client.response.finish", settle);
diagnostics.subscribe("http.client.request.error", settle);

async function exported(): Promise<void> {
  tracer.llmobs.flush();
  const { _tracer: inner } = tracer as unknown as { _tracer: { _exporter: { flush(): void } } };
  inner._exporter.flush();
  while (open > 0) await delay(1);
}

async function measured({ kind, count, isExported }: Order): Promise<number> {
  await exported();
  globalThis.gc?.();
  let microseconds = 0;
  for (let left = count; left > 0; left -= mostEvents) {
    const before = processTime();
    for (let index = Math.min(left, mostEvents); index > 0; index -= 1) calls[kind]();
    if (isExported) await exported();
    microseconds += processTime() - before;
    await exported();
  }
  return microseconds;
}

process.on("message", async (order: Order) => process.send?.(await measured(order)));
process.on("disconnect", () => process.exit());
// Until then dd-trace has asked the receiver what it takes.
await delay(1_000);
process.send?.("ready");
