import { expect, test } from "vitest";
import type { ScriptedReply } from "../../src/index.ts";
import { readMessages } from "./bedrock-fixture.ts";
import { post, useProviderServer } from "./provider-fixture.ts";
import { hasRecordings, type RecordedExchange, recordedExchanges } from "./recorded-exchange.ts";

const fixture = useProviderServer();
const skipped = hasRecordings ? "" : " (skipped: no recordings beside the repository)";

/** What an answer is made of: the events of a stream, unwrapped, or one body. */
interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Record<string, unknown>;
}

function parts(body: Uint8Array, streamed: boolean): Part[] {
  if (!streamed) return [{ headers: {}, value: JSON.parse(Buffer.from(body).toString()) }];
  return readMessages(body).map(({ headers, payload }) => {
    const { p, bytes, ...event } = JSON.parse(payload);
    expect(typeof p).toBe("string");
    const chunk = bytes === undefined ? event : JSON.parse(Buffer.from(bytes, "base64").toString());
    return { headers, value: chunk };
  });
}

/** Field names of a value, at any depth, with the arguments of tools left alone. */
function fields(value: unknown, prefix = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => fields(item, `${prefix}[]`));
  if (typeof value !== "object" || value === null || prefix.endsWith("toolUse.input")) return [];
  return Object.entries(value).flatMap(([name, field]) => [
    `${prefix}.${name}`,
    ...fields(field, `${prefix}.${name}`),
  ]);
}

/** The kinds of events in their order, repetitions of one kind as one. */
function grammar(answer: readonly Part[]): string[] {
  const labels = answer.map(({ headers, value }) =>
    [headers[":event-type"], value["type"] ?? Object.keys(value)[0]].join(" "),
  );
  return labels.filter((label, index) => label !== labels[index - 1]);
}

/** The recorded models whose fields ours are compared with, and the reply that makes them alike. */
const replies: Readonly<Record<string, ScriptedReply>> = {
  a5f92858: { text: " Paris", usage: { inputTokens: 16, outputTokens: 11 } },
  "62cabaec": { text: "The capital" },
  "4b5b3e7d": {
    text: "Paris",
    usage: { inputTokens: 1213, cacheReadTokens: 1209, outputTokens: 10 },
  },
  "0143744a": { text: "Distributed tracing" },
  "0bee79e3": { toolCalls: [{ name: "fetch_concept", arguments: { concept: "tracing" } }] },
};

/** Fields we send and the recordings of 2024 and 2025 lack, and the other way round. */
const newer =
  /\.cache_creation|\.cache_read_input_tokens|\.cache_creation_input_tokens|\.cache(?:Read|Write)InputTokenCount$/;
const elsewhere = /\.meta(?:\.requestDurationMillis)?$|\.stop_reason$/;

async function answerOf(exchange: RecordedExchange): Promise<Response> {
  const id = /_([0-9a-f]{8})\.json$/.exec(exchange.name)?.[1] ?? "";
  fixture.server.enqueue(replies[id] ?? { text: "The capital" });
  return post(fixture.server.url + exchange.path, exchange.request);
}

test.skipIf(!hasRecordings).each(recordedExchanges("bedrock-runtime"))(
  `$name has the fields and events the server sends${skipped}`,
  async (exchange) => {
    const streamed = exchange.path.includes("stream");
    const response = await answerOf(exchange);
    const ours = parts(await response.bytes(), streamed);
    const real = parts(
      streamed
        ? Buffer.from(exchange.body.replace("base64:", ""), "base64")
        : Buffer.from(exchange.body),
      streamed,
    );

    expect(response.status).toBe(exchange.status);
    const [ourFields, realFields] = [ours, real].map(
      (answer) => new Set(answer.flatMap(({ value }) => fields(value))),
    );
    const missing = [...(realFields ?? [])].filter((name) => !ourFields?.has(name));
    const extra = [...(ourFields ?? [])].filter((name) => !realFields?.has(name));
    expect(missing.filter((name) => !elsewhere.test(name) && !newer.test(name))).toEqual([]);
    expect(extra.filter((name) => !newer.test(name))).toEqual([]);
    expect(grammar(ours).at(-1)).toBe(grammar(real).at(-1));
    expect(new Set(grammar(ours))).toEqual(new Set(grammar(real)));
    expect(ours[0]?.headers).toEqual(real[0]?.headers);
  },
);

test.skipIf(!hasRecordings)(`there are recordings of both operations${skipped}`, () => {
  const paths = recordedExchanges("bedrock-runtime").map(({ path }) => path.split("/").at(-1));

  expect(new Set(paths)).toEqual(
    new Set(["converse", "converse-stream", "invoke-with-response-stream"]),
  );
});
