import { isJsonObject, ownValue } from "./json-value.ts";
import type { ProviderRequest } from "./provider-request.ts";
import { embeddingTexts, requestedDimensions } from "./request-text.ts";
import type { ScriptedError } from "./scripted-error.ts";

const largestVector = 4096;
const mostEmbeddingTexts: ReadonlyMap<string, number> = new Map([
  ["embeddings", 2048],
  ["batchEmbedContents", 100],
  ["invokeModel", 96],
]);

const requiredLists: ReadonlyMap<string, string> = new Map([
  ["messages", "messages"],
  ["chat.completions", "messages"],
  ["generateContent", "contents"],
  ["batchEmbedContents", "requests"],
  ["converse", "messages"],
]);

const requiredFields: ReadonlyMap<string, readonly string[]> = new Map([
  ["embeddings", ["input"]],
  ["images", ["prompt"]],
  ["speech", ["input", "voice"]],
  ["transcriptions", ["file"]],
  ["moderations", ["input"]],
]);

/** Where the provider has a default model. */
const modelOptional: ReadonlySet<string> = new Set(["images", "moderations"]);

function missing(parameter: string): ScriptedError {
  const message = `${parameter}: Field required`;
  return { kind: "invalid_request", message, param: parameter };
}

function embeddingFault(request: ProviderRequest): ScriptedError | undefined {
  const dimensions = requestedDimensions(request.body);
  const valid =
    dimensions === undefined ||
    (Number.isInteger(dimensions) &&
      Number(dimensions) >= 1 &&
      Number(dimensions) <= largestVector);
  if (!valid) {
    const message = `dimensions: must be from 1 to ${largestVector}`;
    return { kind: "invalid_request", message, param: "dimensions" };
  }
  const most = mostEmbeddingTexts.get(request.endpoint) ?? 1;
  if (embeddingTexts(request.endpoint, request.body).length <= most) return undefined;
  const message = `input: at most ${most} texts in one request`;
  return { kind: "invalid_request", message, param: "input" };
}

/** A variation of an image has no prompt. */
function isEdit({ path }: ProviderRequest, field: string): boolean {
  return field === "prompt" && path.includes("/images/variations");
}

function batchFault({ body, path }: ProviderRequest): ScriptedError | undefined {
  if (path.endsWith("/cancel")) return undefined;
  const fields = ["input_file_id", "endpoint", "completion_window"];
  const field = fields.find((name) => typeof ownValue(body, name) !== "string");
  return field === undefined ? undefined : missing(field);
}

/** Claude on Bedrock wants what Anthropic wants, and the version of the format in the body. */
function claudeFault({ body, endpoint, model }: ProviderRequest): ScriptedError | undefined {
  if (endpoint !== "invokeModel" || !model.includes("anthropic.")) return undefined;
  if (typeof ownValue(body, "prompt") === "string") return undefined;
  if (typeof ownValue(body, "anthropic_version") !== "string") return missing("anthropic_version");
  if (!Array.isArray(ownValue(body, "messages"))) return missing("messages");
  return Number.isInteger(ownValue(body, "max_tokens")) ? undefined : missing("max_tokens");
}

/**
 * Finds what a provider would refuse a request for, so that a wrapper which damages requests is
 * found out; undefined when there is nothing.
 */
export function requestFault(request: ProviderRequest): ScriptedError | undefined {
  const { body, endpoint, method, model } = request;
  if (endpoint === "unknown") {
    return { kind: "not_found", message: `Unknown request URL: ${method} ${request.path}` };
  }
  if (endpoint === "batches" && method === "GET") return undefined;
  if (method !== "POST") {
    return { kind: "invalid_request", status: 405, message: `Method ${method} is not allowed` };
  }
  if (endpoint === "batches") return batchFault(request);
  if (!isJsonObject(body)) {
    return { kind: "invalid_request", message: "The request body is not a JSON object" };
  }
  const storedPrompt = endpoint === "responses" && isJsonObject(ownValue(body, "prompt"));
  if (model === "" && !storedPrompt && !modelOptional.has(endpoint)) return missing("model");
  const list = requiredLists.get(endpoint);
  if (list !== undefined && !Array.isArray(ownValue(body, list))) return missing(list);
  if (endpoint === "messages" && !Number.isInteger(ownValue(body, "max_tokens"))) {
    return missing("max_tokens");
  }
  const field = requiredFields
    .get(endpoint)
    ?.find((name) => ownValue(body, name) === undefined && !isEdit(request, name));
  if (field !== undefined) return missing(field);
  return claudeFault(request) ?? embeddingFault(request);
}
