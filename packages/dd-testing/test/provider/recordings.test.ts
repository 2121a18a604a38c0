import { describe, expect, test } from "vitest";
import { post, useProviderServer } from "./provider-fixture.ts";
import {
  equivalentReply,
  eventData,
  hasRecordings,
  isStream,
  type RecordedExchange,
  recordedExchanges,
} from "./recorded-exchange.ts";

const fixture = useProviderServer();

/** What the server leaves out on purpose, and why that is no lack. */
const leftOut: [RegExp, string][] = [
  [/\.message\.audio/, "audio output cannot be scripted"],
  [/\.avgLogprobs$/, "only gemini-2.0 sends it"],
  [/\.candidatesTokensDetails/, "only gemini-2.0 sends it"],
];

/** What the server sends beyond some recordings, and why. */
const added: [RegExp, string][] = [
  [/\.stop_details$/, "recordings of 2025 are older than the field"],
  [/\.usage\.inference_geo$/, "recordings of 2025 are older than the field"],
  [/\.output_tokens_details/, "newer models report thinking tokens, and the SDK types them"],
  [/\.obfuscation$/, "recordings before autumn 2025 are older than the field"],
  [
    /\.(completed_at|frequency_penalty|presence_penalty|moderation|prompt_cache_retention|verbosity|billing|payer|context)$/,
    "the response object gained fields between the recordings",
  ],
  [/\.input_tokens_details\.cache_write_tokens$/, "SDK 6.49 types it as required"],
  [/\.candidates\[\]\.index$/, "gemini-2.0 left the index out"],
  [/\.usageMetadata\.serviceTier$/, "gemini-2.0 left the tier out"],
];

/** The made-up audio exchange has almost no field of a real answer: only its gaps say something. */
const madeUp = /797109e5/;

/** Subtrees that repeat the request, whose names are the user's. */
const opaque = new Set(["tools", "input", "instructions", "prompt", "format", "metadata"]);

function fieldPaths(value: unknown, prefix: string, paths: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) fieldPaths(item, `${prefix}[]`, paths);
  else if (typeof value === "object" && value !== null) {
    for (const [name, field] of Object.entries(value)) {
      paths.add(`${prefix}.${name}`);
      if (!opaque.has(name)) fieldPaths(field, `${prefix}.${name}`, paths);
    }
  }
}

/** The names of all fields of a body; those of a stream are told apart by the type of the event. */
function shapeOf(body: string): Set<string> {
  const paths = new Set<string>();
  if (!isStream(body)) fieldPaths(JSON.parse(body), "", paths);
  else for (const data of eventData(body)) fieldPaths(data, String(data["type"] ?? ""), paths);
  return paths;
}

function eventLabel(data: ReturnType<typeof eventData>[number]): string {
  if (data["type"] !== undefined) return String(data["type"]);
  const choice = data["choices"]?.[0];
  if (choice === undefined) return "usage";
  const fields = Object.keys(choice["delta"] ?? choice).join();
  return `${fields}:${String(choice["finish_reason"])}`;
}

/** The order of events, with repetitions of one kind as one. A ping may come anywhere. */
function grammarOf(body: string): string[] {
  const labels = eventData(body)
    .map(eventLabel)
    .filter((label) => label !== "ping");
  return labels.filter((label, index) => label !== labels[index - 1]);
}

function without(paths: Set<string>, others: Set<string>): string[] {
  return [...paths].filter((path) => !others.has(path));
}

function unexplained(paths: readonly string[], explained: [RegExp, string][]): string[] {
  return paths.filter((path) => !explained.some(([expression]) => expression.test(path)));
}

async function answerOf(exchange: RecordedExchange): Promise<{ status: number; body: string }> {
  fixture.server.enqueue(equivalentReply(exchange));
  const response = await post(fixture.server.url + exchange.path, exchange.request);
  return { status: response.status, body: await response.text() };
}

const skipped = hasRecordings ? "" : " (skipped: no recordings beside the repository)";

describe.skipIf(!hasRecordings)(`against recorded answers${skipped}`, () => {
  const exchanges = recordedExchanges("anthropic", "openai", "genai", "deepseek");

  test("there are recordings of every provider and of streams", () => {
    expect(exchanges.length).toBeGreaterThan(70);
    expect(exchanges.filter(({ body }) => isStream(body)).length).toBeGreaterThan(10);
  });

  test.each(exchanges)("$name has the fields and events the server sends", async (exchange) => {
    const answer = await answerOf(exchange);

    expect(answer.status).toBe(exchange.status);
    const real = shapeOf(exchange.body);
    const ours = shapeOf(answer.body);
    expect(unexplained(without(real, ours), leftOut)).toEqual([]);
    if (!madeUp.test(exchange.name)) {
      expect(unexplained(without(ours, real), added)).toEqual([]);
    }
    expect(isStream(answer.body)).toBe(isStream(exchange.body));
    expect(grammarOf(answer.body)).toEqual(grammarOf(exchange.body));
    expect(answer.body.includes("[DONE]")).toBe(exchange.body.includes("[DONE]"));
  });

  test("every explanation explains something", async () => {
    const missing = new Set<string>();
    const extra = new Set<string>();
    for (const exchange of exchanges) {
      const { body } = await answerOf(exchange);
      const [real, ours] = [shapeOf(exchange.body), shapeOf(body)];
      for (const path of without(real, ours)) missing.add(path);
      for (const path of without(ours, real)) extra.add(path);
    }
    const idle = (list: typeof added, paths: Set<string>): string[] =>
      list.filter(([expression]) => ![...paths].some((path) => expression.test(path))).map(String);

    expect([...idle(leftOut, missing), ...idle(added, extra)]).toEqual([]);
  });
});
