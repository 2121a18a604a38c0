import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ProviderErrorKind, ScriptedReply } from "../../src/index.ts";

/** Traffic of real providers; it lies beside the repository and is no part of it. */
export const recordingsFolder: string = fileURLToPath(
  new URL("../../../../../shared/recordings", import.meta.url),
);

/** Whether there are recordings to compare with. */
export const hasRecordings: boolean = existsSync(recordingsFolder);

export interface RecordedExchange {
  readonly name: string;
  readonly path: string;
  readonly request: Json;
  readonly status: number;
  readonly body: string;
}

// Recordings are loose data; a test fails where they are not what it reads them as.
export interface Json {
  readonly [key: string]: Json;
  readonly [index: number]: Json;
}

/** All recordings of some providers. */
export function recordedExchanges(...providers: readonly string[]): RecordedExchange[] {
  if (!hasRecordings) return [];
  return providers.flatMap((provider) =>
    readdirSync(`${recordingsFolder}/${provider}`).map((name) => {
      const { request, response } = JSON.parse(
        readFileSync(`${recordingsFolder}/${provider}/${name}`, "utf8"),
      );
      const url = new URL(request.url);
      return {
        name,
        path: url.pathname + url.search,
        request: JSON.parse(request.body),
        status: response.status.code,
        body: response.body,
      };
    }),
  );
}

/** The data of all server-sent events of a body, without `[DONE]`. */
export function eventData(body: string): Json[] {
  const lines = body.split("\n").filter((line) => line.startsWith("data: {"));
  return lines.map((line) => JSON.parse(line.slice("data: ".length)));
}

/** Whether a body is a stream of server-sent events. */
export function isStream(body: string): boolean {
  return /^(?:event|data): /.test(body);
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function anthropicReply(body: string): ScriptedReply {
  const blocks: Record<string, string>[] = [];
  for (const event of isStream(body) ? eventData(body) : []) {
    const index = Number(event["index"]);
    if (text(event["type"]) === "content_block_start") {
      blocks[index] = { ...(event["content_block"] as object), json: "" };
    }
    const delta = (event["delta"] ?? {}) as unknown as Record<string, string>;
    const block = blocks[index];
    if (block === undefined || text(event["type"]) !== "content_block_delta") continue;
    block["text"] = text(block["text"]) + text(delta["text"]);
    block["thinking"] = text(block["thinking"]) + text(delta["thinking"]);
    block["json"] = text(block["json"]) + text(delta["partial_json"]);
  }
  const content = isStream(body) ? blocks : list(JSON.parse(body).content);
  const join = (name: string): string => content.map((block) => text(block[name])).join("");
  return {
    thinking: join("thinking"),
    text: join("text"),
    toolCalls: content
      .filter((block) => text(block["type"]) === "tool_use")
      .map((block) => ({
        name: text(block["name"]),
        arguments: text(block["json"]) || JSON.stringify(block["input"]),
      })),
  };
}

function chatReply(body: string): ScriptedReply {
  const chunks = isStream(body) ? eventData(body) : [JSON.parse(body) as Json];
  const calls: { name: string; arguments: string }[] = [];
  let content = "";
  let finishReason = "stop";
  for (const choice of chunks.flatMap((chunk) => list(chunk["choices"]))) {
    const message = choice["delta"] ?? choice["message"];
    content += text(message?.["content"]) + text(choice["text"]);
    finishReason = text(choice["finish_reason"]) || finishReason;
    for (const [position, call] of list(message?.["tool_calls"]).entries()) {
      const index = Number(call["index"] ?? position);
      calls[index] ??= { name: "", arguments: "" };
      calls[index].name += text(call["function"]?.["name"]);
      calls[index].arguments += text(call["function"]?.["arguments"]);
    }
  }
  return { text: content, toolCalls: calls, finishReason };
}

function responsesReply(body: string): ScriptedReply {
  const response = isStream(body) ? eventData(body).at(-1)?.["response"] : JSON.parse(body);
  const output = list(response?.["output"]);
  const ofType = (type: string): Json[] => output.filter((item) => text(item["type"]) === type);
  const parts = ofType("message").flatMap((item) => list(item["content"]));
  return {
    text: parts.map((part) => text(part["text"])).join(""),
    toolCalls: ofType("function_call").map((item) => ({
      name: text(item["name"]),
      arguments: text(item["arguments"]),
    })),
    usage: { reasoningTokens: ofType("reasoning").length },
    finishReason: text(response?.["incomplete_details"]?.["reason"]) === "" ? "stop" : "length",
  };
}

function geminiReply(body: string): ScriptedReply {
  const parts = list(JSON.parse(body).candidates?.[0]?.content?.parts);
  return { text: parts.map((part) => text(part["text"])).join("") };
}

/** The script that makes the server answer what a provider once answered. */
export function equivalentReply({ path, status, body }: RecordedExchange): ScriptedReply {
  if (status >= 400) {
    const error: { kind: ProviderErrorKind } = { kind: "permission" };
    return { error };
  }
  if (path.startsWith("/v1/messages")) return anthropicReply(body);
  if (path.endsWith("completions")) return chatReply(body);
  if (path.endsWith("/responses")) return responsesReply(body);
  return path.includes("generateContent") ? geminiReply(body) : {};
}
