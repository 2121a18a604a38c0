import { mcpCarrier } from "@llmdevops/dd-propagation";
import { isRecord, recordAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import { quietly } from "../observed-model-call.ts";
import type { ResolvedMcpInstrumentation } from "./mcp-options.ts";
import { isRecordedMethod, ObservedMcpRequest } from "./observed-mcp-request.ts";

/** The requests that a server works on for one connection, by their ids. No method throws. */
export class OpenMcpRequests {
  readonly #instrumentation: ResolvedMcpInstrumentation;
  readonly #open = new Map<unknown, ObservedMcpRequest>();
  #hasWarned = false;

  constructor(instrumentation: ResolvedMcpInstrumentation) {
    this.#instrumentation = instrumentation;
  }

  /** A message has come in; `handle` works on it, with the span of a request active. */
  received(message: unknown, sessionId: string | undefined, handle: () => unknown): unknown {
    let observed: ObservedMcpRequest | undefined;
    quietly(() => {
      observed = this.#begin(message, sessionId);
    });
    if (observed === undefined) return handle();
    return this.#instrumentation.llm.withSpan(observed.span, handle);
  }

  /** A message goes out: the answer to a request ends it. */
  sent(message: unknown): void {
    quietly(() => {
      if (!isRecord(message) || "method" in message) return;
      const observed = this.#open.get(message["id"]);
      if (observed === undefined) return;
      this.#open.delete(message["id"]);
      if ("error" in message) observed.failed(message["error"]);
      else observed.answered(message["result"]);
    });
  }

  /** Nothing can be answered any more. */
  closed(): void {
    for (const observed of this.#open.values()) {
      observed.cancelled(new Error("The connection was closed before the answer."));
    }
    this.#open.clear();
  }

  #begin(message: unknown, sessionId: string | undefined): ObservedMcpRequest | undefined {
    if (!isRecord(message)) return undefined;
    const { id, method } = message;
    if (method === "notifications/cancelled") this.#cancel(recordAt(message, "params"));
    if (id === undefined || !isRecordedMethod(method)) return undefined;
    if (this.#open.has(id)) return undefined;
    if (this.#open.size >= this.#instrumentation.maximumOpenRequests) {
      this.#warnOfTooMany();
      return undefined;
    }
    const params = recordAt(message, "params");
    const parent = this.#instrumentation.tracing?.extractContext(mcpCarrier(readable(params)));
    const observed = new ObservedMcpRequest("server", method, params, this.#instrumentation, {
      parent: parent ?? undefined,
      sessionId,
    });
    this.#open.set(id, observed);
    return observed;
  }

  #cancel(params: UnknownRecord): void {
    const observed = this.#open.get(params["requestId"]);
    if (observed === undefined) return;
    this.#open.delete(params["requestId"]);
    const { reason } = params;
    observed.cancelled(
      new Error(typeof reason === "string" ? reason : "The request was cancelled."),
    );
  }

  #warnOfTooMany(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#instrumentation.logger.warn(
      `More than ${this.#instrumentation.maximumOpenRequests} requests of one MCP connection are open; further ones are not recorded.`,
    );
  }
}

function readable(params: UnknownRecord): { _meta: Record<string, unknown> } {
  return { _meta: { ...recordAt(params, "_meta") } };
}
