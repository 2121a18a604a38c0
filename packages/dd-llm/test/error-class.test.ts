import * as anthropic from "@anthropic-ai/sdk";
import { ApiError } from "@google/genai";
import * as openai from "openai";
import { ContentFilterFinishReasonError } from "openai/core/error";
import { describe, expect, test } from "vitest";
import { classifyLLMError, type LLMErrorClass } from "../src/index.ts";

const headers = new Headers();

function anthropicError(status: number, type: string, message = "no") {
  return anthropic.APIError.generate(
    status,
    { type: "error", error: { type, message } },
    message,
    headers,
  );
}

function openaiError(status: number, code: string | null, message = "no") {
  return openai.APIError.generate(
    status,
    { error: { code, message, type: "t" } },
    message,
    headers,
  );
}

function networkError(code: string) {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}

describe("Anthropic's errors", () => {
  test.each<[number, string, LLMErrorClass]>([
    [400, "invalid_request_error", "invalid_request"],
    [401, "authentication_error", "authentication"],
    [403, "permission_error", "authentication"],
    [404, "not_found_error", "invalid_request"],
    [413, "request_too_large", "invalid_request"],
    [429, "rate_limit_error", "rate_limit"],
    [500, "api_error", "server_error"],
    [504, "timeout_error", "timeout"],
    [529, "overloaded_error", "overloaded"],
  ])("%i %s is %s", (status, type, expected) => {
    expect(classifyLLMError(anthropicError(status, type))).toBe(expected);
  });

  test("an error event inside a stream has no status but a type", () => {
    const event = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };

    expect(classifyLLMError(new anthropic.APIError(undefined, event, "x", headers))).toBe(
      "overloaded",
    );
  });

  test("an error event that the oldest SDK gives as text is of its own class", () => {
    const report = '{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}';
    const error = new anthropic.APIConnectionError({ message: report });

    expect(classifyLLMError(error)).toBe("rate_limit");
  });

  test("a prompt that is too long is a matter of the context length", () => {
    const error = anthropicError(400, "invalid_request_error", "prompt is too long: 9 > 8 maximum");

    expect(classifyLLMError(error)).toBe("context_length");
  });
});

describe("OpenAI's errors", () => {
  test.each<[number, string | null, LLMErrorClass]>([
    [400, "context_length_exceeded", "context_length"],
    [400, "content_filter", "content_filter"],
    [400, "content_policy_violation", "content_filter"],
    [400, null, "invalid_request"],
    [401, "invalid_api_key", "authentication"],
    [403, null, "authentication"],
    [408, null, "timeout"],
    [409, null, "invalid_request"],
    [422, null, "invalid_request"],
    [429, "rate_limit_exceeded", "rate_limit"],
    [429, "insufficient_quota", "rate_limit"],
    [429, null, "rate_limit"],
    [500, null, "server_error"],
    [502, null, "server_error"],
    [503, null, "overloaded"],
    [529, null, "overloaded"],
    [504, null, "timeout"],
  ])("%i %s is %s", (status, code, expected) => {
    expect(classifyLLMError(openaiError(status, code))).toBe(expected);
  });

  test("an answer that a filter cut is one of the content filter", () => {
    expect(classifyLLMError(new ContentFilterFinishReasonError())).toBe("content_filter");
  });
});

describe.each([
  ["anthropic", anthropic],
  ["openai", openai],
])("connection errors of %s", (_name, sdk) => {
  test("a request that the application aborted is cancelled", () => {
    expect(classifyLLMError(new sdk.APIUserAbortError())).toBe("cancelled");
  });

  test("a time limit of the SDK is a timeout", () => {
    expect(classifyLLMError(new sdk.APIConnectionTimeoutError())).toBe("timeout");
  });

  test("a lost connection is the network", () => {
    expect(classifyLLMError(new sdk.APIConnectionError({ message: "Connection error." }))).toBe(
      "network",
    );
  });
});

describe("Gemini's errors", () => {
  test.each<[number, string, LLMErrorClass]>([
    [400, "API key not valid.", "invalid_request"],
    [
      400,
      "The input token count (1200000) exceeds the maximum number of tokens allowed",
      "context_length",
    ],
    [429, "Resource has been exhausted", "rate_limit"],
    [500, "Internal error", "server_error"],
    [503, "The model is overloaded.", "overloaded"],
  ])("%i %s is %s", (status, message, expected) => {
    expect(classifyLLMError(new ApiError({ status, message }))).toBe(expected);
  });

  test("an aborted request is known by its cause", () => {
    const abort = new DOMException("This operation was aborted", "AbortError");

    expect(
      classifyLLMError(new Error(`exception ${abort} sending request`, { cause: abort })),
    ).toBe("cancelled");
  });
});

describe("errors of Node", () => {
  test.each<[string, LLMErrorClass]>([
    ["ECONNREFUSED", "network"],
    ["ECONNRESET", "network"],
    ["ENOTFOUND", "network"],
    ["ENETUNREACH", "network"],
    ["EHOSTUNREACH", "network"],
    ["EPIPE", "network"],
    ["EAI_AGAIN", "network"],
    ["UND_ERR_SOCKET", "network"],
    ["ETIMEDOUT", "timeout"],
    ["UND_ERR_HEADERS_TIMEOUT", "timeout"],
    ["UND_ERR_BODY_TIMEOUT", "timeout"],
  ])("%s below a failed fetch is %s", (code, expected) => {
    expect(classifyLLMError(networkError(code))).toBe(expected);
    expect(classifyLLMError(new Error("outer", { cause: networkError(code) }))).toBe(expected);
  });

  test("an AbortSignal says why", () => {
    const timeout = new DOMException("The operation timed out.", "TimeoutError");

    expect(classifyLLMError(AbortSignal.abort().reason)).toBe("cancelled");
    expect(classifyLLMError(timeout)).toBe("timeout");
  });
});

test.each<[string, LLMErrorClass]>([
  ["Request was aborted.", "cancelled"],
  ["Request timed out.", "timeout"],
])("a bundler that renames classes leaves the message %j", (message, expected) => {
  expect(classifyLLMError(new Error(message))).toBe(expected);
});

test.each<[object, LLMErrorClass]>([
  [{ code: "rate_limit_exceeded" }, "rate_limit"],
  [{ code: "server_error" }, "server_error"],
  [{ type: "invalid_request_error" }, "invalid_request"],
  [{ type: "not_found_error" }, "invalid_request"],
  [{ type: "request_too_large" }, "invalid_request"],
  [{ type: "rate_limit_error" }, "rate_limit"],
  [{ type: "permission_error" }, "authentication"],
  [{ type: "authentication_error" }, "authentication"],
  [{ type: "timeout_error" }, "timeout"],
  [{ type: "api_error" }, "server_error"],
  [{ type: "overloaded_error" }, "overloaded"],
  [{ code: "insufficient_quota" }, "rate_limit"],
  [{ code: "invalid_api_key" }, "authentication"],
  [{ code: "context_length_exceeded" }, "context_length"],
  [{ message: "The model is overloaded" }, "overloaded"],
  [{ status: 500, message: "Overloaded" }, "overloaded"],
  [{ statusCode: 429 }, "rate_limit"],
  [{ status: 200 }, "unknown"],
])("%j without more is %s", (error, expected) => {
  expect(classifyLLMError(error)).toBe(expected);
});

test("words of a refusal do not make it an outage, nor the reverse", () => {
  expect(classifyLLMError({ status: 400, message: "overloaded function" })).toBe("invalid_request");
  expect(classifyLLMError({ status: 500, message: "context window" })).toBe("server_error");
  expect(classifyLLMError({ status: 413, message: "context window" })).toBe("context_length");
});

test("what is no error is unknown", () => {
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error("no");
      },
    },
  );
  const named = { constructor: Object.assign(() => {}, { code: 5 }) };
  Object.defineProperty(named.constructor, "name", { value: Symbol("n") });
  for (const value of [undefined, null, 5, "timeout", {}, [], hostile, named, new Error("x")]) {
    expect(classifyLLMError(value)).toBe("unknown");
  }
});

test("causes that go round end", () => {
  const first = new Error("first");
  first.cause = new Error("second", { cause: first });

  expect(classifyLLMError(first)).toBe("unknown");
});

test("the beginning of a message decides, however long it is", () => {
  expect(classifyLLMError({ message: `${"x".repeat(5_000)}prompt is too long` })).toBe("unknown");
  expect(classifyLLMError({ message: `prompt is too long${"x".repeat(5_000)}` })).toBe(
    "context_length",
  );
});

test("a forbidden request is one of authentication, whatever the provider calls it", () => {
  const error = { status: 403, type: "invalid_request_error", message: "not allowed" };

  expect(classifyLLMError(error)).toBe("authentication");
  expect(classifyLLMError({ ...error, status: 400 })).toBe("invalid_request");
  expect(classifyLLMError({ ...error, status: undefined })).toBe("invalid_request");
});

describe("a connection that broke", () => {
  test.each<[string, Error]>([
    [
      "as the AWS SDK names it",
      Object.assign(new Error("read ECONNRESET"), { name: "TimeoutError", code: "ECONNRESET" }),
    ],
    [
      "as node-fetch tells it",
      Object.assign(new Error("x"), { code: "ERR_STREAM_PREMATURE_CLOSE" }),
    ],
    [
      "as the oldest Google SDK tells it",
      new Error("exception TypeError: fetch failed sending request"),
    ],
    [
      "as the AWS SDK names it over HTTP/2",
      Object.assign(new Error("Unexpected error: http2 request did not get a response"), {
        name: "TimeoutError",
      }),
    ],
    ["as Node tells it without a code", new Error("socket hang up")],
  ])("%s is a matter of the network", (_, error) => {
    expect(classifyLLMError(error)).toBe("network");
  });

  test("is no time-out of the AWS SDK, which has the same name", () => {
    const error = Object.assign(new Error("x"), { name: "TimeoutError", code: "ETIMEDOUT" });

    expect(classifyLLMError(error)).toBe("timeout");
  });
});
