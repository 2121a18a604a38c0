import { ConfigurationError } from "@llmdevops/dd-core";
import { isRecord, type UnknownRecord } from "../../formats/unknown-record.ts";
import { warnOfDuplicateCapture } from "../duplicate-capture.ts";
import { quietly } from "../observed-model-call.ts";
import {
  isInstrumented,
  type Restore,
  rememberRestore,
  replaceMethod,
} from "../replaced-method.ts";
import {
  type McpInstrumentationOptions,
  type ResolvedMcpInstrumentation,
  resolveMcpInstrumentation,
} from "./mcp-options.ts";
import { sessionIdOf } from "./observed-mcp-request.ts";
import { OpenMcpRequests } from "./open-mcp-requests.ts";

/** What is needed of an `McpServer` or `Server` of `@modelcontextprotocol/sdk`, 1.12 to 1.x. */
export interface McpServer {
  /** Starts serving over a transport. */
  connect(...args: never[]): Promise<unknown>;
}

const integration = {
  name: "modelcontextprotocol-sdk",
  channel: "tracing:apm:mcp:server:request:start",
  instrument: "instrumentMcpServer",
};

/**
 * Records the requests that a server of the Model Context Protocol works on: calls of tools, resources, prompts,
 * lists and completions, over any transport. Each continues the trace that came in its `_meta` (SEP-414), and what a
 * tool does is a child of its span.
 *
 * The messages of the transports that the server is connected to later are observed, so tools may be registered
 * before or after. Doing it twice changes nothing; `uninstrument` takes it off.
 *
 * @param server The server to observe; it is changed in place.
 * @param options Where requests are recorded, and tags for all of them.
 * @returns The same server.
 * @throws {ConfigurationError} When the server or an option is not what it should be; nothing throws later.
 * @example
 * ```ts
 * import { instrumentMcpServer } from "@llmdevops/dd-llm";
 * import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
 * import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
 *
 * const server = instrumentMcpServer(new McpServer({ name: "orders", version: "1.0.0" }), { llm });
 * await server.connect(new StdioServerTransport());
 * ```
 */
export function instrumentMcpServer<S extends McpServer>(
  server: S,
  options: McpInstrumentationOptions,
): S {
  const instrumentation = resolveMcpInstrumentation(options);
  if (!isRecord(server) || typeof server["connect"] !== "function") {
    throw new ConfigurationError("The server must be one of @modelcontextprotocol/sdk.");
  }
  if (isInstrumented(server)) return server;
  // An McpServer leaves connecting to the Server inside.
  const inner = isRecord(server["server"]) ? server["server"] : server;
  let restoreTransport: Restore = () => {};
  const restoreServer = replaceMethod(inner, "connect", (original) => (transport, ...rest) => {
    quietly(() => {
      warnOfDuplicateCapture(integration, instrumentation.logger);
      if (isRecord(transport)) restoreTransport = watchTransport(transport, instrumentation);
    });
    return Reflect.apply(original, inner, [transport, ...rest]);
  });
  rememberRestore(server, [restoreServer, () => restoreTransport()]);
  return server;
}

/** The server sets the callbacks of its transport just before it starts it, and they are taken over then. */
function watchTransport(
  transport: UnknownRecord,
  instrumentation: ResolvedMcpInstrumentation,
): Restore {
  const open = new OpenMcpRequests(instrumentation);
  const restores = [
    replaceMethod(transport, "start", (original) => (...args) => {
      quietly(() => restores.push(...watchCallbacks(transport, open)));
      return Reflect.apply(original, transport, args);
    }),
    replaceMethod(transport, "send", (original) => (message, ...rest) => {
      open.sent(message);
      return Reflect.apply(original, transport, [message, ...rest]);
    }),
  ];
  return () => {
    for (const restore of restores) restore();
  };
}

function watchCallbacks(transport: UnknownRecord, open: OpenMcpRequests): Restore[] {
  return [
    replaceCallback(
      transport,
      "onmessage",
      (original) =>
        (message, ...rest) =>
          open.received(message, sessionIdOf(transport), () => original(message, ...rest)),
    ),
    replaceCallback(transport, "onclose", (original) => (...args) => {
      open.closed();
      return original(...args);
    }),
  ];
}

type Callback = (...args: unknown[]) => unknown;

/** Set as the server sets it: some transports keep their callbacks behind an accessor. */
function replaceCallback(
  transport: UnknownRecord,
  name: string,
  wrap: (original: Callback) => Callback,
): Restore {
  const original = transport[name];
  const call: Callback = (...args) =>
    typeof original === "function" ? Reflect.apply(original, transport, args) : undefined;
  const wrapped = wrap(call);
  Reflect.set(transport, name, wrapped);
  return () => {
    if (transport[name] === wrapped) Reflect.set(transport, name, original);
  };
}
