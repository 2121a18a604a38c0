import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isJsonObject, ownValue } from "./json-value.ts";
import type { RawAnswer } from "./raw-answer.ts";

/** One exchange with a provider, as it was recorded. */
export interface ProviderRecording {
  /** File it was read from. */
  readonly name: string;
  /** Path of the request, without its query. */
  readonly path: string;
  /** Body of the request, parsed where it is JSON. */
  readonly request: unknown;
  /** What the provider answered. */
  readonly answer: RawAnswer;
}

const base64Mark = "base64:";

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function textHeaders(headers: unknown): Record<string, string> {
  const kept: Record<string, string> = {};
  if (!isJsonObject(headers)) return kept;
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string") kept[name] = value;
    // A header that came more than once.
    else if (Array.isArray(value)) kept[name] = value.join(", ");
  }
  return kept;
}

function statusOf(response: unknown): number {
  const status = ownValue(response, "status");
  return Number(ownValue(status, "code") ?? status);
}

function readExchange(name: string, exchange: unknown): ProviderRecording {
  const request = ownValue(exchange, "request");
  const response = ownValue(exchange, "response");
  const url = ownValue(request, "url");
  const body = ownValue(response, "body");
  const status = statusOf(response);
  if (typeof url !== "string" || !URL.canParse(url, "http://provider.test")) {
    throw new TypeError(`${name} is no recording: request.url is no URL`);
  }
  if (typeof body !== "string" || !(status >= 200 && status <= 599)) {
    throw new TypeError(`${name} is no recording: the response needs a status and a body`);
  }
  return {
    name,
    path: new URL(url, "http://provider.test").pathname,
    request: parsed(String(ownValue(request, "body") ?? "")),
    answer: {
      status,
      headers: textHeaders(ownValue(response, "headers")),
      body: body.startsWith(base64Mark)
        ? Buffer.from(body.slice(base64Mark.length), "base64")
        : body,
    },
  };
}

async function readRecording(path: string): Promise<ProviderRecording> {
  const text = await readFile(path, "utf8");
  const exchange = parsed(text);
  if (!isJsonObject(exchange)) throw new TypeError(`${path} is no recording: it is no JSON object`);
  return readExchange(path, exchange);
}

/**
 * Reads recorded exchanges with providers: one JSON file for each, with
 * `request { method, url, headers, body }` and `response { status, headers, body }`. Bodies are text; one that
 * is none begins with `base64:`. The files of dd-trace's own tests have this form.
 *
 * @param path A file, or a folder whose `.json` files are read, in the order of their names.
 * @returns The recordings, for `ProviderServer.replay`.
 * @throws TypeError for a file of another form, and the system's error for one that cannot be read;
 * both as a rejection.
 * @example
 * ```ts
 * provider.replay(await loadRecordings("test/recordings/openai"));
 * ```
 */
export async function loadRecordings(path: string): Promise<readonly ProviderRecording[]> {
  if (!(await stat(path)).isDirectory()) return [await readRecording(path)];
  const names = (await readdir(path)).filter((name) => name.endsWith(".json")).sort();
  const recordings: ProviderRecording[] = [];
  for (const name of names) recordings.push(await readRecording(join(path, name)));
  return recordings;
}
