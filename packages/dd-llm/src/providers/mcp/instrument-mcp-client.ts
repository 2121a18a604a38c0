import { ConfigurationError } from "@llmdevops/dd-core";
import { mcpCarrier } from "@llmdevops/dd-propagation";
import { isRecord, recordAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import { warnOfDuplicateCapture } from "../duplicate-capture.ts";
import { quietly } from "../observed-model-call.ts";
import { isInstrumented, rememberRestore, replaceMethod } from "../replaced-method.ts";
import {
  type McpInstrumentationOptions,
  type ResolvedMcpInstrumentation,
  resolveMcpInstrumentation,
} from "./mcp-options.ts";
import {
  isRecordedMethod,
  nameOf,
  ObservedMcpRequest,
  sessionIdOf,
} from "./observed-mcp-request.ts";

/** What is needed of a client of `@modelcontextprotocol/sdk`, 1.12 to 1.x. */
export interface McpClient {
  /** Sends one request and gives its result; every other method of the client calls it. */
  request(...args: never[]): Promise<unknown>;
}

const integration = {
  name: "modelcontextprotocol-sdk",
  channel: "tracing:orchestrion:@modelcontextprotocol/sdk:Client_callTool:start",
  instrument: "instrumentMcpClient",
};

/**
 * Records the requests of a client of the Model Context Protocol: calls of tools, resources, prompts, lists and
 * completions, over any transport. The trace goes on at the server, by the `_meta` of each request (SEP-414).
 *
 * The client itself is observed, so its class, methods and promises are what they were. Doing it twice changes
 * nothing; `uninstrument` takes it off.
 *
 * @param client The client to observe; it is changed in place.
 * @param options Where requests are recorded, and tags for all of them.
 * @returns The same client.
 * @throws {ConfigurationError} When the client or an option is not what it should be; nothing throws later.
 * @example
 * ```ts
 * import { instrumentMcpClient } from "@llmdevops/dd-llm";
 * import { Client } from "@modelcontextprotocol/sdk/client/index.js";
 *
 * const client = instrumentMcpClient(new Client({ name: "desk", version: "1.0.0" }), { llm });
 * await client.connect(transport);
 * ```
 */
export function instrumentMcpClient<C extends McpClient>(
  client: C,
  options: McpInstrumentationOptions,
): C {
  const instrumentation = resolveMcpInstrumentation(options);
  if (!isRecord(client) || typeof client["request"] !== "function") {
    throw new ConfigurationError("The client must be one of @modelcontextprotocol/sdk.");
  }
  if (isInstrumented(client)) return client;
  const restore = replaceMethod(client, "request", (original) => (request, ...rest) => {
    const send = (sent: unknown) => Reflect.apply(original, client, [sent, ...rest]);
    if (!isRecord(request) || !isRecordedMethod(request["method"])) return send(request);
    quietly(() => warnOfDuplicateCapture(integration, instrumentation.logger));
    return observe(request, request["method"], send, signalOf(rest[1]), client, instrumentation);
  });
  rememberRestore(client, [restore]);
  return client;
}

function observe(
  request: UnknownRecord,
  method: string,
  send: (request: unknown) => unknown,
  signal: AbortSignal | undefined,
  client: UnknownRecord,
  instrumentation: ResolvedMcpInstrumentation,
): unknown {
  let observed: ObservedMcpRequest | undefined;
  let sent: unknown = request;
  quietly(() => {
    observed = new ObservedMcpRequest(
      "client",
      method,
      recordAt(request, "params"),
      instrumentation,
      {
        sessionId: sessionIdOf(client["transport"]),
        peer: serverName(client),
      },
    );
    sent = withContext(request, observed, instrumentation);
  });
  if (observed === undefined) return send(request);
  const call = observed;
  let promise: unknown;
  try {
    promise = instrumentation.llm.withSpan(call.span, () => send(sent));
  } catch (error) {
    call.failed(error);
    throw error;
  }
  if (!(promise instanceof Promise)) {
    call.answered(promise);
    return promise;
  }
  return promise.then(
    (result) => {
      call.answered(result);
      return result;
    },
    (error: unknown) => {
      if (signal?.aborted === true) call.cancelled(signal.reason);
      else call.failed(error);
      throw error;
    },
  );
}

/** A copy of the request whose `_meta` carries the trace; the caller's own is left alone. */
function withContext(
  request: UnknownRecord,
  { span }: ObservedMcpRequest,
  { tracing }: ResolvedMcpInstrumentation,
): UnknownRecord {
  if (tracing === undefined) return request;
  const carried: { _meta: Record<string, unknown> } = { _meta: {} };
  tracing.injectContext(mcpCarrier(carried), span);
  const params = recordAt(request, "params");
  return {
    ...request,
    params: { ...params, _meta: { ...recordAt(params, "_meta"), ...carried._meta } },
  };
}

function signalOf(options: unknown): AbortSignal | undefined {
  const signal = isRecord(options) ? options["signal"] : undefined;
  return signal instanceof AbortSignal ? signal : undefined;
}

function serverName(client: UnknownRecord): string | undefined {
  const read = client["getServerVersion"];
  return typeof read === "function" ? nameOf(Reflect.apply(read, client, [])) : undefined;
}
