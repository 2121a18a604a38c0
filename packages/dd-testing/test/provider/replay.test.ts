import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { loadRecordings, type ProviderRecording } from "../../src/index.ts";
import { eventStreamMessage } from "../../src/provider/bedrock/event-stream-message.ts";
import { ask, post, readAll, useProviderServer } from "./provider-fixture.ts";
import { hasRecordings, recordingsFolder } from "./recorded-exchange.ts";

const fixture = useProviderServer();
const skipped = hasRecordings ? "" : " (skipped: no recordings beside the repository)";

const events = [
  'data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Grüß"}}]}\n\n',
  'data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":" Gott"}}]}\n\n',
  "data: [DONE]\n\n",
];

function recording(name: string, text: string, request: object = {}): ProviderRecording {
  return {
    name,
    path: "/v1/chat/completions",
    request: { ...ask.chat, stream: true, ...request },
    answer: { headers: { "Content-Type": "text/event-stream" }, body: text },
  };
}

async function folderWith(files: Record<string, unknown>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "provider-replay-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(
      join(folder, name),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  }
  return folder;
}

test("a folder of files is read in the order of names, and answers byte for byte", async () => {
  const exchange = (status: unknown, body: string) => ({
    request: {
      method: "POST",
      url: "https://api.openai.com/v1/chat/completions",
      body: JSON.stringify(ask.chat),
    },
    response: {
      status,
      headers: { "Content-Type": "text/plain", "Content-Length": "3", "X-Two": ["a", "b"] },
      body,
    },
  });
  const folder = await folderWith({
    "b.json": exchange(201, "base64:/wD+"),
    "a.json": exchange({ code: 418, message: "Teapot" }, "short"),
    "notes.txt": "no recording",
  });

  fixture.server.replay(await loadRecordings(folder));
  const answers = [
    await post(`${fixture.server.url}/v1/chat/completions?x=1`, ask.chat),
    await post(`${fixture.server.url}/v1/chat/completions`, ask.chat),
  ];

  expect(answers.map(({ status }) => status)).toEqual([418, 201]);
  expect(answers[0]?.headers.get("x-two")).toBe("a, b");
  expect(await answers[0]?.text()).toBe("short");
  expect([...((await answers[1]?.bytes()) ?? [])]).toEqual([0xff, 0, 0xfe]);
  expect(fixture.server.requests().map(({ outcome, usageSent }) => [outcome, usageSent])).toEqual([
    ["failed", null],
    ["completed", null],
  ]);
});

test.each([
  ["no JSON", "{"],
  ["no object", "[]"],
  ["no URL", { request: {}, response: { status: 200, body: "" } }],
  ["no body", { request: { url: "http://a/b" }, response: { status: 200 } }],
  ["no status", { request: { url: "http://a/b" }, response: { body: "" } }],
])("a file with %s is refused by its name", async (_what, content) => {
  const folder = await folderWith({ "broken.json": content });

  await expect(loadRecordings(folder)).rejects.toThrow(/broken\.json is no recording/);
});

test("the same body is preferred, then the same model and wish for a stream, each in turn", async () => {
  const other = { messages: [{ role: "user", content: "Else?" }] };
  fixture.server.replay([
    recording("one", "data: one\n\n", other),
    recording("two", "data: two\n\n", other),
    recording("exact", "data: exact\n\n"),
    recording("another model", "data: no\n\n", { model: "gpt-other" }),
  ]);
  const answer = async (content: string): Promise<string> => {
    const body = { ...ask.chat, stream: true, messages: [{ role: "user", content }] };
    const response = await post(`${fixture.server.url}/v1/chat/completions`, body);
    return (await response.text()).trim().replace("data: ", "");
  };

  expect(await answer("What is new?")).toBe("exact");
  expect(await answer("What is new?")).toBe("exact");
  expect([await answer("Hm?"), await answer("Hm?"), await answer("Hm?")]).toEqual([
    "one",
    "two",
    "one",
  ]);
});

test("what is not recorded is answered by rules, the queue comes first, and recordings can go", async () => {
  const remove = fixture.server.replay([recording("one", events.join(""))]);
  fixture.server.respond({}, { text: "by rule" });
  fixture.server.enqueue({ text: "queued" });
  const text = async (): Promise<string> => {
    const stream = await fixture.openai.chat.completions.create({ ...ask.chat, stream: true });
    const chunks = await readAll(stream);
    return chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
  };

  expect(await text()).toBe("queued");
  expect(await text()).toBe("Grüß Gott");
  expect((await fixture.openai.chat.completions.create(ask.chat)).choices[0]?.message.content).toBe(
    "by rule",
  );
  remove();
  expect(await text()).toBe("by rule");
});

test("a recorded stream can be cut at any byte, held and broken off", async () => {
  fixture.server.replay([recording("one", events.join(""))], {
    truncateAfterChunks: 2,
    chunkDelayMs: 1,
  });

  const stream = await fixture.openai.chat.completions.create({ ...ask.chat, stream: true });
  const chunks = await readAll(stream);

  expect(chunks).toHaveLength(2);
  expect(fixture.server.requests()[0]).toMatchObject({ failure: "truncated", chunksSent: 2 });
});

test("pieces of any sizes arrive as the same bytes", async () => {
  const body = events.join("");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }),
      async (pieces) => {
        fixture.server.enqueue({
          raw: { headers: { "content-type": "text/event-stream" }, body, pieces },
        });

        const response = await post(`${fixture.server.url}/v1/chat/completions`, ask.chat);

        expect(await response.text()).toBe(body);
      },
    ),
    { numRuns: 40 },
  );
});

test("a recorded event stream is cut at its messages, and what is no whole message stays together", async () => {
  const messages = ["one", "two", "three"].map((text) => eventStreamMessage({}, text));
  const body = Buffer.concat([...messages, Buffer.from([0, 0, 0, 99, 1])]);
  const headers = { "content-type": "application/vnd.amazon.eventstream" };
  fixture.server.enqueue({ raw: { headers, body } });

  const response = await post(`${fixture.server.url}/model/any/converse-stream`, { messages: [] });

  expect(Buffer.from(await response.bytes())).toEqual(body);
  expect(fixture.server.requests()[0]?.chunksSent).toBe(4);
});

test("options and answers that make no sense are refused where they are written", () => {
  const { server } = fixture;
  const raw = { body: "x" };

  expect(() => server.replay([], { chunkDelayMs: -1 })).toThrow(TypeError);
  expect(() => server.enqueue({ raw: { ...raw, pieces: 0 } })).toThrow(/raw\.pieces/);
  expect(() => server.enqueue({ raw: { ...raw, pieces: [] } })).toThrow(/raw\.pieces/);
  expect(() => server.enqueue({ raw: { ...raw, status: 99 } })).toThrow(/raw\.status/);
  expect(() => server.enqueue({ raw: { ...raw, headers: { "a b": "c" } } })).toThrow();
  expect(() => server.enqueue({ raw: {} as { body: string } })).toThrow(/raw\.body/);
});

test
  .skipIf(!hasRecordings)
  .each(["anthropic", "openai", "genai", "deepseek", "bedrock-runtime", "claude-agent-sdk"])(
  `every recorded answer of %s is replayed byte for byte${skipped}`,
  async (provider) => {
    const recordings = await loadRecordings(join(recordingsFolder, provider));
    fixture.server.replay(recordings);

    for (const { answer, name, path, request } of recordings) {
      const response = await post(fixture.server.url + path, request);
      expect(response.status, name).toBe(answer.status);
      const same = recordings.filter(
        (other) => JSON.stringify(other.request) === JSON.stringify(request),
      );
      const bodies = same.map((other) => Buffer.from(other.answer.body).toString("latin1"));
      expect(bodies, name).toContain(Buffer.from(await response.bytes()).toString("latin1"));
    }
    expect(fixture.server.requests()).toHaveLength(recordings.length);
  },
);
