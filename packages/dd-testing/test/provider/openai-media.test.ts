import OpenAI, { toFile } from "openai";
import { expect, test } from "vitest";
import { readAll, useProviderServer } from "./provider-fixture.ts";

const fixture = useProviderServer({ now: () => 1_700_000_000_000 });

test("an image request gets as many images as it asks for, and the usage", async () => {
  fixture.server.enqueue({ usage: { inputTokens: 12, outputTokens: 272 } });

  const answer = await fixture.openai.images.generate({
    model: "gpt-image-1",
    prompt: "A cat",
    n: 2,
  });

  const [first] = answer.data ?? [];
  expect(answer.data).toHaveLength(2);
  expect(
    Buffer.from(first?.b64_json ?? "", "base64")
      .subarray(1, 4)
      .toString(),
  ).toBe("PNG");
  expect(answer.created).toBe(1_700_000_000);
  expect(answer.usage).toMatchObject({ input_tokens: 12, output_tokens: 272, total_tokens: 284 });
  expect(fixture.server.requests()[0]).toMatchObject({
    endpoint: "images",
    inputText: "A cat",
    usageSent: { inputTokens: 12, outputTokens: 272 },
  });
});

test("an edited image is a form whose texts are read and whose files are described", async () => {
  fixture.server.enqueue({ images: ["aGVsbG8="] });
  const image = await toFile(Buffer.from([0xff, 0x00, 0xfe]), "cat.png", { type: "image/png" });

  const answer = await fixture.openai.images.edit({ model: "gpt-image-1", image, prompt: "A dog" });

  expect(answer.data).toEqual([{ b64_json: "aGVsbG8=" }]);
  expect(fixture.server.requests()[0]).toMatchObject({
    model: "gpt-image-1",
    inputText: "A dog",
    body: { image: { name: "cat.png", type: "image/png", size: 3 } },
  });
});

test("speech is bytes of the type that was asked for", async () => {
  const audio = new Uint8Array([1, 2, 3]);
  fixture.server.enqueue({ audio }, {});
  const ask = { model: "tts-1", voice: "alloy", input: "Hello" };

  const scripted = await fixture.openai.audio.speech.create(ask);
  const silent = await fixture.openai.audio.speech.create({ ...ask, response_format: "wav" });

  expect(scripted.headers.get("content-type")).toBe("audio/mpeg");
  expect(new Uint8Array(await scripted.arrayBuffer())).toEqual(audio);
  const file = Buffer.from(await silent.arrayBuffer());
  expect(file.toString("latin1", 0, 4)).toBe("RIFF");
  expect(file.readUInt32LE(4)).toBe(file.length - 8);
  expect(file.readUInt32LE(40)).toBe(file.length - 44);
});

test("a transcription answers with the text, and streams it", async () => {
  const reply = {
    text: "Good morning",
    usage: { inputTokens: 40, inputAudioTokens: 30, outputTokens: 3 },
  };
  fixture.server.enqueue(reply, reply);
  const file = await toFile(Buffer.from("RIFF"), "voice.wav");
  const ask = { model: "gpt-4o-transcribe", file };

  const whole = await fixture.openai.audio.transcriptions.create(ask);
  const stream = await fixture.openai.audio.transcriptions.create({ ...ask, stream: true });
  const events = await readAll(stream);

  expect(whole.text).toBe("Good morning");
  expect(whole.usage).toMatchObject({
    input_token_details: { text_tokens: 10, audio_tokens: 30 },
    total_tokens: 43,
  });
  expect(events.map(({ type }) => type)).toEqual([
    "transcript.text.delta",
    "transcript.text.delta",
    "transcript.text.done",
  ]);
  expect(fixture.server.requests().map(({ streamed }) => streamed)).toEqual([false, true]);
});

test("a moderation flags the scripted categories, for each text", async () => {
  fixture.server.enqueue({ flagged: ["violence"] }, {});

  const found = await fixture.openai.moderations.create({ input: ["one", "two"] });
  const clean = await fixture.openai.moderations.create({ input: "three" });

  expect(found.results.map(({ flagged }) => flagged)).toEqual([true, true]);
  expect(found.results[0]?.categories).toMatchObject({ violence: true, hate: false });
  expect(found.results[0]?.category_scores.violence).toBeGreaterThan(0.5);
  expect(clean.results[0]?.flagged).toBe(false);
});

test("a batch is accepted, found completed or in the scripted state, and cancelled", async () => {
  const { batches } = fixture.openai;
  fixture.server.enqueue({}, {}, { finishReason: "failed" });

  const created = await batches.create({
    input_file_id: "file-1",
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
  });
  const completed = await batches.retrieve(created.id);
  const failed = await batches.retrieve(created.id);
  const cancelled = await batches.cancel(created.id);
  const listed = await batches.list();

  expect(created).toMatchObject({ status: "validating", input_file_id: "file-1" });
  expect(completed).toMatchObject({ id: created.id, status: "completed" });
  expect(failed.status).toBe("failed");
  expect(cancelled.status).toBe("cancelling");
  expect(listed.data).toEqual([]);
});

test.each([
  ["/images/generations", { model: "gpt-image-1" }, "prompt"],
  ["/audio/speech", { model: "tts-1", input: "Hello" }, "voice"],
  ["/audio/transcriptions", { model: "whisper-1" }, "file"],
  ["/moderations", {}, "input"],
  ["/batches", { input_file_id: "file-1" }, "endpoint"],
])("%s without what it needs is refused", async (path, body, param) => {
  const request = fixture.openai.post(path, { body });

  await expect(request).rejects.toMatchObject({ status: 400, param });
});

test("errors of these operations are spelt as OpenAI does", async () => {
  fixture.server.enqueue({ error: "rate_limited" });

  const request = fixture.openai.images.generate({ model: "gpt-image-1", prompt: "A cat" });

  await expect(request).rejects.toBeInstanceOf(OpenAI.RateLimitError);
});
