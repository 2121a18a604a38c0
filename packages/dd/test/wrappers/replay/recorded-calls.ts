import { existsSync, readdirSync, readFileSync } from "node:fs";
import { startProviderServer } from "@llmdevops/dd-testing";

/** One recorded exchange between an official SDK and its provider. */
export interface RecordedCall {
  readonly name: string;
  readonly provider: "openai" | "anthropic" | "genai" | "bedrock-runtime";
  readonly url: URL;
  readonly request: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

interface RecordedExchange {
  readonly request: { readonly url: string; readonly body: string };
  readonly response: {
    readonly status: { readonly code: number };
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

const providers = ["openai", "anthropic", "genai", "bedrock-runtime"] as const;

/** Where recorded exchanges lie beside the repository; the tests that need them are skipped where they do not. */
const folder = new URL("../../../../../../shared/recordings/", import.meta.url);

/** Whether there are recordings on this machine. */
export const areRecordingsPresent: boolean = existsSync(folder);

/** Every recorded stream; of Google, of which none is recorded, every answer. */
export function recordedStreams(): RecordedCall[] {
  return providers.flatMap((provider) => {
    const files = new URL(`${provider}/`, folder);
    return readdirSync(files)
      .filter((file) => file.endsWith(".json"))
      .map((file) => readCall(provider, new URL(file, files)))
      .filter(({ contentType }) => provider === "genai" || /event-?stream/.test(contentType));
  });
}

function readCall(provider: RecordedCall["provider"], file: URL): RecordedCall {
  const { request, response } = JSON.parse(readFileSync(file, "utf8")) as RecordedExchange;
  const headers = new Map(
    Object.entries(response.headers).map(([key, value]) => [key.toLowerCase(), value]),
  );
  const isBinary = response.body.startsWith("base64:");
  return {
    name: `${provider} ${file.pathname.slice(-13, -5)}`,
    provider,
    url: new URL(request.url),
    request: parsedOrEmpty(request.body),
    status: response.status.code,
    contentType: headers.get("content-type") ?? "application/json",
    body: isBinary
      ? Buffer.from(response.body.slice("base64:".length), "base64")
      : Buffer.from(response.body, "utf8"),
  };
}

function parsedOrEmpty(body: string): Readonly<Record<string, unknown>> {
  const text = body.startsWith("base64:")
    ? Buffer.from(body.slice("base64:".length), "base64").toString("utf8")
    : body;
  return JSON.parse(text || "{}") as Record<string, unknown>;
}

/** A stream of Gemini as the provider server writes it. */
export async function geminiStream(): Promise<RecordedCall> {
  await using server = await startProviderServer({ now: () => 1_700_000_000_000 });
  server.enqueue({
    thinking: "Who asks?",
    text: "Grüße, 世界 – 🎉 done.",
    chunks: 7,
    toolCalls: [{ name: "search", arguments: { query: "é" } }],
    usage: { inputTokens: 120, outputTokens: 30, cacheReadTokens: 100 },
  });
  const url = new URL(
    "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
    server.baseUrls.gemini,
  );
  const request = { contents: [{ role: "user", parts: [{ text: "Hello" }] }] };
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-goog-api-key": "test" },
    body: JSON.stringify(request),
  });
  return {
    name: "genai stream",
    provider: "genai",
    url,
    request,
    status: response.status,
    contentType: response.headers.get("content-type") ?? "",
    body: Buffer.from(await response.arrayBuffer()),
  };
}
