// How the cost of one thing grows with how many there are: spans of a trace, traces at once, tags, text, series.
//
// node --expose-gc --conditions=@llmdevops/source packages/dd/bench/scale.ts [--json FILE] [--quick]
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type ClientOptions, createClient, silentLogger } from "@llmdevops/dd";
import { median, processTime } from "@llmdevops/measure";
import tracer from "dd-trace";

const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});
const rounds = values.quick ? 3 : 4;
const largest = values.quick ? 10_000 : 100_000;

/** One way of doing something, for a number of things. */
interface Series {
  readonly name: string;
  /** Does it for `size` things; what it returns is called outside the measured time. */
  readonly run: (size: number) => (() => void) | undefined;
}

/** How the cost of one thing grows. */
interface Growth {
  readonly title: string;
  /** What there is more and more of. */
  readonly of: string;
  readonly sizes: readonly number[];
  /** What the time is divided by. */
  readonly per: "thing" | "run";
  /** What keeps it from growing without end. */
  readonly bound: string;
  readonly series: readonly Series[];
}

const sink = fork(new URL("./llm-sink.ts", import.meta.url), { execArgv: [] });
const [port] = (await once(sink, "message")) as [number];
const options: ClientOptions = {
  service: "bench",
  agent: { url: `http://127.0.0.1:${port}` },
  logger: silentLogger,
};
const client = createClient(options);
const withContent = createClient({ ...options, content: { mode: "full" } });
const unlimited = createClient({ ...options, metrics: { cardinality: { enabled: false } } });
const tags = { "order.id": 4_711, "order.state": "open", region: "eu", attempt: 2 };

function powers(limit: number, first = 1): number[] {
  const sizes: number[] = [];
  for (let size = first; size <= limit; size *= 10) sizes.push(size);
  return sizes;
}

const response = (text: string) => ({
  model: "gpt-4o-mini",
  choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1_000, completion_tokens: 20, total_tokens: 1_020 },
});
const sentence = "The parcel of the customer has left the warehouse and arrives on Monday. ";

const growths: readonly Growth[] = [
  {
    title: "Spans of one trace",
    of: "spans",
    per: "thing",
    sizes: powers(largest),
    bound:
      "dd-trace hands a trace on in parts of 1,000 ended spans, so only its open spans stay in memory. What waits for the Agent is bounded by 25 MB and 50,000 spans; beyond that the oldest are dropped and counted.",
    series: [
      {
        name: "llmdevops",
        run(size) {
          const root = client.startSpan("root", { childOf: null, tags });
          for (let index = 1; index < size; index += 1) {
            client.startSpan("child", { childOf: root, tags }).finish();
          }
          root.finish();
          return undefined;
        },
      },
      {
        name: "dd-trace",
        run(size) {
          const root = tracer.startSpan("root", { tags });
          for (let index = 1; index < size; index += 1) {
            tracer.startSpan("child", { childOf: root, tags }).finish();
          }
          root.finish();
          return undefined;
        },
      },
    ],
  },
  {
    title: "Traces that are open at once",
    of: "traces",
    per: "thing",
    sizes: powers(largest),
    bound:
      "An open span is memory of the application until it ends, about 1.4 KB with four tags. The newest 10,000 are followed, so that a shutdown can end them; older ones end as ever.",
    series: [
      {
        name: "llmdevops",
        run(size) {
          const open = Array.from({ length: size }, () =>
            client.startSpan("root", { childOf: null, tags }),
          );
          return () => {
            for (const span of open) span.finish();
          };
        },
      },
      {
        name: "dd-trace",
        run(size) {
          const open = Array.from({ length: size }, () => tracer.startSpan("root", { tags }));
          return () => {
            for (const span of open) span.finish();
          };
        },
      },
    ],
  },
  {
    title: "Tags of one span",
    of: "tags",
    per: "run",
    sizes: [1, 4, 16, 64, 256],
    bound: "A span takes 1,024 tags, a tag 25,000 characters; what is beyond is counted.",
    series: [
      { name: "llmdevops", run: (size) => void client.startSpan("root", withTags(size)).finish() },
      { name: "dd-trace", run: (size) => void tracer.startSpan("root", withTags(size)).finish() },
    ],
  },
  {
    title: "Length of prompt and answer of one model call",
    of: "characters",
    per: "run",
    sizes: powers(values.quick ? 1_000_000 : 10_000_000, 1_000),
    bound:
      "Redaction takes time in proportion to the text. A text for LLM Observability is cut at 1,000,000 characters and its event kept under 5 MiB; without content the length is all that is read.",
    series: [
      { name: "content none", run: (size) => call(client, size) },
      { name: "content full, redacted", run: (size) => call(withContent, size) },
    ],
  },
  {
    title: "Series of one metric",
    of: "series",
    per: "thing",
    sizes: powers(largest),
    bound:
      "Within an hour a tag has 100 values and a metric 1,000 series, both adjustable; further values become `other`. Without that limit 10,000 series are gathered, and the values of others are sent as they come.",
    series: [
      {
        name: "llmdevops",
        run: (size) => countOrders(client, size),
      },
      {
        name: "without the limit",
        run: (size) => countOrders(unlimited, size),
      },
    ],
  },
];

const tagSets = new Map<number, { tags: Record<string, string> }>();
function withTags(size: number): { tags: Record<string, string> } {
  let set = tagSets.get(size);
  if (set === undefined) {
    const entries = Array.from({ length: size }, (_, index) => [`order.part${index}`, "open"]);
    set = { tags: Object.fromEntries(entries) };
    tagSets.set(size, set);
  }
  return set;
}

function countOrders(of: typeof client, shops: number): undefined {
  for (let index = 0; index < shops; index += 1) {
    of.increment("bench.orders", 1, { region: "eu", shop: `shop-${index}` });
  }
}

const texts = new Map<number, string>();
function call(of: typeof client, size: number): undefined {
  let text = texts.get(size);
  if (text === undefined) {
    text = sentence.repeat(Math.ceil(size / sentence.length)).slice(0, size);
    texts.set(size, text);
  }
  // A text that the redactor has not seen: what comes again costs next to nothing.
  const fresh = `${text}${Math.random()}`;
  const span = of.startLLMSpan("llm.request", { provider: "openai", model: "gpt-4o-mini" });
  span.setInput([{ role: "user", content: fresh }]).recordResponse(response(fresh));
  span.finish();
}

/** So often that a sample is long enough to be measured: CPU time is told in steps. */
function repetitions({ per }: Growth, size: number): number {
  if (per === "thing") return Math.max(1, Math.round(20_000 / size));
  return size >= 1_000 ? Math.max(1, Math.round(2_000_000 / size)) : 5_000;
}

const results = [];
for (const growth of growths) {
  const lines = [];
  for (const size of growth.sizes) {
    const samples = growth.series.map(() => [] as number[]);
    const heaps = growth.series.map(() => [] as number[]);
    const count = repetitions(growth, size);
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, { run }] of growth.series.entries()) {
        globalThis.gc?.();
        const heap = process.memoryUsage().heapUsed;
        const begin = processTime();
        const rest: ((() => void) | undefined)[] = [];
        for (let repetition = 0; repetition < count; repetition += 1) rest.push(run(size));
        const microseconds = processTime() - begin;
        globalThis.gc?.();
        const held = process.memoryUsage().heapUsed - heap;
        for (const end of rest) end?.();
        await client.flush();
        // The first round only warms up.
        if (round === 0) continue;
        const things = count * (growth.per === "thing" ? size : 1);
        samples[index]?.push((microseconds * 1_000) / things);
        heaps[index]?.push(held / things);
      }
    }
    const measured = growth.series.map(({ name }, index) => ({
      name,
      nanoseconds: Math.round(median(samples[index] ?? [])),
      heapBytes: Math.round(median(heaps[index] ?? [])),
    }));
    lines.push({ size, measured });
  }
  const { title, of, per, bound } = growth;
  results.push({ title, of, per, bound, lines });
  process.stdout.write(tableOf(growth, lines));
}
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`);
}
await unlimited.shutdown();
await withContent.shutdown();
await client.shutdown();
sink.disconnect();

function tableOf(
  { title, of, per, series }: Growth,
  lines: readonly { size: number; measured: readonly { nanoseconds: number }[] }[],
): string {
  const unit = per === "thing" ? `ns for each of the ${of}` : "ns";
  const header = [of.padStart(12), ...series.map(({ name }) => name.padStart(24))].join("");
  const rows = lines.map(({ size, measured }) =>
    [
      size.toLocaleString("en-US").padStart(12),
      ...measured.map(({ nanoseconds }) => nanoseconds.toLocaleString("en-US").padStart(24)),
    ].join(""),
  );
  return `${title} (CPU, ${unit})\n${header}\n${rows.join("\n")}\n\n`;
}
