import { isRecord, textAt, type UnknownRecord } from "../formats/unknown-record.ts";

interface Media {
  readonly type: string | undefined;
  readonly bytes: number | undefined;
}

/** A media type, or the name of a kind of part; anything else may be content. */
const typePattern = /^[\w.+-]{1,64}(\/[\w.+-]{1,64})?$/;
/** The beginning of a data URL (https://www.rfc-editor.org/rfc/rfc2397): its type, and whether base64 follows. */
const dataUrlPattern = /^data:([\w.+-]{1,64}\/[\w.+-]{1,64})?[^,]{0,256}?(;base64)?,/;
/** The parts of Amazon Bedrock's Converse API that hold bytes. */
const converseKinds = ["image", "document", "video", "audio"] as const;

/**
 * What stands in the place of a part that is no text: its type, and its size where the data is at hand, for example
 * `[image/png, 48213 bytes]`. Of a part that only refers to data by an address, the address is not shown.
 */
export function binaryPartText(part: UnknownRecord): string {
  const media = mediaOf(part);
  const type = media?.type ?? safeType(textAt(part, "type")) ?? "binary";
  return media?.bytes === undefined ? `[${type}]` : `[${type}, ${media.bytes} bytes]`;
}

function mediaOf(part: UnknownRecord): Media | undefined {
  if (bytesOf(part) !== undefined) return mediaFrom(part, undefined);
  return googleMedia(part) ?? anthropicMedia(part) ?? openAIMedia(part) ?? otherMedia(part);
}

function googleMedia(part: UnknownRecord): Media | undefined {
  const media = part["inlineData"] ?? part["fileData"];
  return isRecord(media) ? mediaFrom(media["data"], textAt(media, "mimeType")) : undefined;
}

function anthropicMedia(part: UnknownRecord): Media | undefined {
  const source = part["source"];
  return isRecord(source) ? mediaFrom(source["data"], textAt(source, "media_type")) : undefined;
}

/** Chat Completions and Responses, which differ in whether an address stands for itself or in an object. */
function openAIMedia(part: UnknownRecord): Media | undefined {
  const image = part["image_url"];
  if (image !== undefined) return mediaFrom(isRecord(image) ? image["url"] : image, undefined);
  const audio = part["input_audio"];
  if (isRecord(audio)) return mediaFrom(audio["data"], `audio/${textAt(audio, "format")}`);
  const file = isRecord(part["file"]) ? part["file"] : part;
  return file["file_data"] === undefined ? undefined : mediaFrom(file["file_data"], undefined);
}

/** Amazon Bedrock's Converse API and the AI SDK. */
function otherMedia(part: UnknownRecord): Media | undefined {
  for (const kind of converseKinds) {
    const media = part[kind];
    if (!isRecord(media) || !isRecord(media["source"])) continue;
    return mediaFrom(media["source"]["bytes"], `${kind}/${textAt(media, "format")}`);
  }
  const type = textAt(part, "mediaType") ?? textAt(part, "mimeType");
  const data = part["image"] ?? part["data"];
  return type === undefined && bytesOf(data) === undefined ? undefined : mediaFrom(data, type);
}

function mediaFrom(data: unknown, named: string | undefined): Media {
  const type = typeof data === "string" ? dataUrlPattern.exec(data)?.[1] : undefined;
  return { type: safeType(type ?? named), bytes: bytesOf(data) };
}

function safeType(type: string | undefined): string | undefined {
  return type !== undefined && typePattern.test(type) && !type.endsWith("/undefined")
    ? type
    : undefined;
}

/** The size of data that is at hand: bytes, base64, or a data URL; not of what an address refers to. */
function bytesOf(data: unknown): number | undefined {
  if (ArrayBuffer.isView(data) || data instanceof ArrayBuffer) return data.byteLength;
  if (data instanceof Blob) return data.size;
  if (typeof data !== "string" || /^[a-z][\w+.-]{1,20}:\/\//i.test(data)) return undefined;
  const prefix = dataUrlPattern.exec(data);
  const isBase64 = prefix === null || prefix[2] !== undefined;
  const length = data.length - (prefix?.[0].length ?? 0);
  if (!isBase64) return length;
  const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor((length * 3) / 4) - padding);
}
