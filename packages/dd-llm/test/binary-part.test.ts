import fc from "fast-check";
import { expect, test } from "vitest";
import { binaryPartText } from "../src/content/binary-part.ts";
import { toMessages } from "../src/content/conversation.ts";

const bytes = Buffer.from("a picture of a cat, in truth just text");
const base64 = bytes.toString("base64");
const size = `${bytes.length} bytes`;

test.for([
  ["Gemini", { inlineData: { mimeType: "image/png", data: base64 } }, `[image/png, ${size}]`],
  ["Gemini", { fileData: { mimeType: "video/mp4", fileUri: "gs://b/s" } }, "[video/mp4]"],
  [
    "Anthropic",
    { type: "image", source: { type: "base64", media_type: "image/webp", data: base64 } },
    `[image/webp, ${size}]`,
  ],
  ["Anthropic", { type: "image", source: { type: "url", url: "https://h/secret.png" } }, "[image]"],
  [
    "OpenAI Chat",
    { type: "image_url", image_url: { url: `data:image/jpeg;base64,${base64}` } },
    `[image/jpeg, ${size}]`,
  ],
  ["OpenAI Chat", { type: "image_url", image_url: { url: "https://h/secret.png" } }, "[image_url]"],
  [
    "OpenAI Chat",
    { type: "input_audio", input_audio: { data: base64, format: "mp3" } },
    `[audio/mp3, ${size}]`,
  ],
  [
    "OpenAI Chat",
    {
      type: "file",
      file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${base64}` },
    },
    `[application/pdf, ${size}]`,
  ],
  [
    "OpenAI Responses",
    { type: "input_image", image_url: `data:image/gif;base64,${base64}` },
    `[image/gif, ${size}]`,
  ],
  ["OpenAI Responses", { type: "input_file", file_id: "file-1" }, "[input_file]"],
  ["Bedrock", { image: { format: "png", source: { bytes } } }, `[image/png, ${size}]`],
  [
    "Bedrock",
    { document: { format: "pdf", name: "d", source: { bytes } } },
    `[document/pdf, ${size}]`,
  ],
  ["the AI SDK", { type: "file", mediaType: "audio/wav", data: bytes }, `[audio/wav, ${size}]`],
  ["the AI SDK", { type: "image", image: new Uint8Array(bytes).buffer }, `[image, ${size}]`],
  ["the AI SDK", { type: "image", image: new Blob([new Uint8Array(bytes)]) }, `[image, ${size}]`],
  ["anybody", { type: "image_url", image_url: "data:text/plain,hello" }, "[text/plain, 5 bytes]"],
  ["anybody", {}, "[binary]"],
] as const)(
  "a part of %s is named, with its size where the data is there: %o",
  ([, part, text]) => {
    expect(binaryPartText(part)).toBe(text);
  },
);

test("bytes in the place of a message's content are measured", () => {
  expect(toMessages([{ role: "user", content: new Uint8Array(bytes) }])).toEqual([
    { role: "user", content: `[binary, ${size}]` },
  ]);
});

test("what poses as a type is none", () => {
  const secret = "sk-ant-api03-secret secret";

  expect(binaryPartText({ type: secret })).toBe("[binary]");
  expect(binaryPartText({ inlineData: { mimeType: secret, data: base64 } })).toBe(
    `[binary, ${size}]`,
  );
});

test("for any bytes the size is right, in base64 with and without padding too", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), (data) => {
      const text = Buffer.from(data).toString("base64");
      const unpadded = text.replaceAll("=", "");
      const shown = `[image/png, ${data.length} bytes]`;

      for (const form of [data, text, unpadded, `data:image/png;base64,${text}`]) {
        expect(binaryPartText({ inlineData: { mimeType: "image/png", data: form } })).toBe(shown);
      }
    }),
  );
});

test("a huge data URL is measured without being copied into the conversation", () => {
  const url = `data:image/png;base64,${"A".repeat(20_000_000)}`;

  const messages = toMessages([
    { role: "user", content: [{ type: "image_url", image_url: { url } }] },
  ]);

  expect(messages).toEqual([{ role: "user", content: "[image/png, 15000000 bytes]" }]);
});

test("nothing that stands in for a part makes it throw", () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withTypedArray: true }), (value) => {
      const keys = ["inlineData", "source", "image_url", "input_audio", "file", "image", "data"];
      for (const key of keys) expect(binaryPartText({ [key]: value })).toMatch(/^\[.*\]$/);
    }),
  );
});
