import { expect, test } from "vitest";
import { embeddingVector } from "../../src/provider/embedding-vector.ts";
import { post, useProviderServer } from "./provider-fixture.ts";

const fixture = useProviderServer();

test("OpenAI vectors are the same as base64 and as numbers, one for each input", async () => {
  const input = ["first", "second"];
  const model = "embed-test";

  const decoded = await fixture.openai.embeddings.create({ model, input, dimensions: 8 });
  const plain = await fixture.openai.embeddings.create({
    model,
    input,
    dimensions: 8,
    encoding_format: "float",
  });

  const vectors = plain.data.map(({ embedding }) => embedding);
  expect(decoded.data.map(({ embedding }) => Array.from(embedding))).toEqual(vectors);
  expect(vectors).toEqual([embeddingVector("first", 8), embeddingVector("second", 8)]);
  expect(plain.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
  expect(fixture.server.usageSent()).toMatchObject([
    { provider: "openai", model, requests: 2, usage: { inputTokens: 6, outputTokens: 0 } },
  ]);
});

test("scripted vectors and usage are sent as they are", async () => {
  fixture.server.enqueue({ embeddings: [[0.5, -0.25]], usage: { inputTokens: 11 } });

  const result = await fixture.openai.embeddings.create({ model: "embed-test", input: "x" });

  expect(Array.from(result.data[0]?.embedding ?? [])).toEqual([0.5, -0.25]);
  expect(result.usage.prompt_tokens).toBe(11);
});

test("token lists are inputs too", async () => {
  const one = await fixture.openai.embeddings.create({ model: "embed-test", input: [1, 2, 3] });
  const two = await fixture.openai.embeddings.create({ model: "embed-test", input: [[1], [2]] });

  expect([one.data.length, two.data.length]).toEqual([1, 2]);
  expect(one.data[0]?.embedding.length).toBe(1536);
});

test("Gemini vectors have the dimensions asked for and no usage", async () => {
  const result = await fixture.gemini.models.embedContent({
    model: "gemini-embed-test",
    contents: ["first", "second"],
    config: { outputDimensionality: 8 },
  });

  expect(result.embeddings?.map(({ values }) => values)).toEqual([
    embeddingVector("first", 8),
    embeddingVector("second", 8),
  ]);
  expect(fixture.server.requests()[0]).toMatchObject({
    endpoint: "batchEmbedContents",
    usageSent: null,
  });
});

test("Gemini's single embedding has 768 numbers where no length is asked for", async () => {
  const response = await post(`${fixture.server.url}/v1beta/models/e:embedContent`, {
    content: { parts: [{ text: "first" }] },
  });

  expect(await response.json()).toEqual({ embedding: { values: embeddingVector("first", 768) } });
});

test.each([0, -1, 1.5, 4097, 1e12, "many"])(
  "a vector length of %s is refused",
  async (dimensions) => {
    const asked = { model: "embed-test", input: "x", dimensions: dimensions as number };

    await expect(fixture.openai.embeddings.create(asked)).rejects.toMatchObject({
      status: 400,
      param: "dimensions",
    });
  },
);

test("more than 2048 inputs are refused", async () => {
  const input = Array.from({ length: 2049 }, () => "x");

  await expect(
    fixture.openai.embeddings.create({ model: "embed-test", input }),
  ).rejects.toMatchObject({ status: 400, param: "input" });
});

test("a vector has length one and depends on nothing but the text", () => {
  const vector = embeddingVector("text", 64);

  expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  expect(embeddingVector("text", 64)).toEqual(vector);
  expect(embeddingVector("Text", 64)).not.toEqual(vector);
});
