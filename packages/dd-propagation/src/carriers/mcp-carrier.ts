import { isObject, isRecord } from "./header-text.ts";
import { inertCarrier } from "./inert-carrier.ts";
import { RecordCarrier } from "./record-carrier.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** The names that the Model Context Protocol reserves in `_meta` (SEP-414). */
const reservedNames: ReadonlySet<string> = new Set(["traceparent", "tracestate", "baggage"]);

/** Where dd-trace's MCP integration keeps its headers. */
const datadogKey = "_dd_trace_context";

/** The part of the `params` of an MCP request that is needed. */
export interface McpParams {
  /**
   * The protocol's field for metadata (https://modelcontextprotocol.io/specification); the trace context
   * is kept in it.
   */
  _meta?: Record<string, unknown> | undefined;
}

/**
 * A carrier over `_meta` of a Model Context Protocol request.
 *
 * `traceparent`, `tracestate` and `baggage` are written to `_meta` itself, as SEP-414 says, and all headers to
 * `_meta._dd_trace_context`, where dd-trace looks; both are read, the protocol's own names first.
 *
 * @param params The `params` of the request; a missing `_meta` is added by the first write.
 * @example
 * ```ts
 * import type { CallToolRequest } from "@modelcontextprotocol/sdk/types.js";
 *
 * const params: CallToolRequest["params"] = { name: "search", arguments: { query } };
 * propagator.inject(context, mcpCarrier(params));
 * ```
 * @see https://github.com/modelcontextprotocol/modelcontextprotocol/pull/414
 */
export function mcpCarrier(params: McpParams | null | undefined): TraceContextCarrier {
  if (!isObject(params)) return inertCarrier("the request has no params");
  const meta = (): Record<string, unknown> => (isRecord(params._meta) ? params._meta : {});
  const nested = (): RecordCarrier => {
    const headers = meta()[datadogKey];
    return new RecordCarrier(isRecord(headers) ? headers : {});
  };
  const read = (name: string): string | undefined => {
    const value = reservedNames.has(name) ? meta()[name] : undefined;
    return typeof value === "string" ? value : nested().get(name);
  };
  return {
    get: (name) => read(name.toLowerCase()),
    set(name, value) {
      const target = isRecord(params._meta) ? params._meta : {};
      params._meta = target;
      if (reservedNames.has(name)) target[name] = value;
      const headers = isRecord(target[datadogKey]) ? target[datadogKey] : {};
      headers[name] = value;
      target[datadogKey] = headers;
    },
    delete(name) {
      if (reservedNames.has(name)) delete meta()[name];
      nested().delete(name);
    },
    keys: () => [
      ...new Set([
        ...Object.keys(meta()).filter((key) => reservedNames.has(key)),
        ...nested().keys(),
      ]),
    ],
  };
}
