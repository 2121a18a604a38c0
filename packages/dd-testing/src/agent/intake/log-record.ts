import { isJsonObject, type JsonObject, parseJson } from "../json-value.ts";
import { IntakeError } from "./intake-error.ts";
import { jsonBytes } from "./json-bytes.ts";

/** One log record as sent to the logs intake; a plain text line becomes `{ message }`. */
export type ReceivedLog = JsonObject;

/**
 * Reads the body of a logs request: a JSON array, one JSON object, or lines of text.
 *
 * @param contentType The request's `content-type`; anything but JSON is read as lines.
 * @throws IntakeError (400) where JSON is announced and is not there.
 */
export function readLogs(body: Buffer, contentType: string): { log: ReceivedLog; bytes: number }[] {
  const text = body.toString("utf8");
  if (!/\bjson\b/i.test(contentType)) {
    return text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((message) => ({ log: { message }, bytes: Buffer.byteLength(message) }));
  }
  const parsed = parseJson(text);
  if (parsed === undefined) throw new IntakeError(400, "the body is no JSON");
  return (Array.isArray(parsed) ? parsed : [parsed]).map((item, index) => {
    const log = typeof item === "string" ? { message: item } : item;
    if (!isJsonObject(log)) throw new IntakeError(400, `[${index}]: expected an object`);
    return { log, bytes: jsonBytes(log, `[${index}]`) };
  });
}
