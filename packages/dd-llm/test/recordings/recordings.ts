import { existsSync, readdirSync, readFileSync } from "node:fs";

/** One recorded exchange between an official SDK and its provider. */
export interface Recording {
  readonly provider: string;
  readonly name: string;
  readonly url: URL;
  readonly request: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** When it was recorded, so that it is priced by the prices of its day (ms since the epoch). */
  readonly time: number;
}

interface RecordedExchange {
  readonly request: { readonly url: string; readonly body: string };
  readonly response: {
    readonly status: { readonly code: number };
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

/** Where recorded exchanges lie beside the repository; the tests that need them are skipped where they do not. */
const folder = new URL("../../../../../shared/recordings/", import.meta.url);

/** Whether there are recordings on this machine. */
export const areRecordingsPresent: boolean = existsSync(folder);

/** Every recorded exchange of a provider's folder. */
export function recordingsOf(provider: string): Recording[] {
  const files = new URL(`${provider}/`, folder);
  if (!existsSync(files)) return [];
  return readdirSync(files)
    .filter((file) => file.endsWith(".json"))
    .map((file) => readRecording(provider, new URL(file, files)));
}

function readRecording(provider: string, file: URL): Recording {
  const { request, response } = JSON.parse(readFileSync(file, "utf8")) as RecordedExchange;
  const headers = new Map(
    Object.entries(response.headers).map(([key, value]) => [key.toLowerCase(), value]),
  );
  const { body } = response;
  return {
    provider,
    name: file.pathname.slice(-13, -5),
    url: new URL(request.url),
    request: JSON.parse(request.body || "{}") as Record<string, unknown>,
    status: response.status.code,
    contentType: headers.get("content-type") ?? "application/json",
    body: body.startsWith("base64:")
      ? Buffer.from(body.slice("base64:".length), "base64")
      : Buffer.from(body, "utf8"),
    time: Date.parse(headers.get("date") ?? "2026-08-01T00:00:00Z"),
  };
}
