import { ownValue } from "../json-value.ts";
import type { WireEncoder } from "../wire-encoder.ts";
import { openaiEnvelope } from "./openai-envelope.ts";

const mediaTypes: ReadonlyMap<unknown, string> = new Map([
  ["aac", "audio/aac"],
  ["flac", "audio/flac"],
  ["opus", "audio/ogg"],
  ["pcm", "audio/pcm"],
  ["wav", "audio/wav"],
]);

const samplesPerSecond = 24_000;
const headerBytes = 44;

/** A tenth of a second of silence as a WAV file, whatever format was asked for. */
function silence(): Uint8Array {
  const dataBytes = samplesPerSecond / 5;
  const file = Buffer.alloc(headerBytes + dataBytes);
  file.write("RIFF", 0);
  file.writeUInt32LE(headerBytes - 8 + dataBytes, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(samplesPerSecond, 24);
  file.writeUInt32LE(samplesPerSecond * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(dataBytes, 40);
  return file;
}

/**
 * Writes OpenAI Speech, which answers with the bytes of an audio file and reports no usage.
 *
 * Source: https://platform.openai.com/docs/api-reference/audio/createSpeech
 */
export const speechEncoder: WireEncoder = {
  ...openaiEnvelope,
  body: ({ audio, request }) => ({
    bytes: audio ?? silence(),
    type: mediaTypes.get(ownValue(request, "response_format")) ?? "audio/mpeg",
    usage: null,
  }),
};
