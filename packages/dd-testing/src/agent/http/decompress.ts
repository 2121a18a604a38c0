import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import { IntakeError } from "../intake/intake-error.ts";

const gunzipAsync = promisify(gunzip);
const inflateAsync = promisify(inflate);

/**
 * Undoes the `content-encoding` of a body.
 *
 * @param maxBytes Most bytes of the result.
 * @throws IntakeError 400 for a broken stream, 413 for a result over the limit, 415 for another encoding.
 */
export async function decompress(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const name = (encoding ?? "").trim().toLowerCase();
  if (name === "" || name === "identity") return body;
  const undo = name === "gzip" ? gunzipAsync : name === "deflate" ? inflateAsync : undefined;
  if (undo === undefined) throw new IntakeError(415, `content-encoding ${name} is not supported`);
  try {
    return await undo(body, { maxOutputLength: maxBytes });
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    throw new IntakeError(
      tooLarge ? 413 : 400,
      tooLarge ? `more than ${maxBytes} bytes after ${name}` : `the body is no valid ${name}`,
    );
  }
}
