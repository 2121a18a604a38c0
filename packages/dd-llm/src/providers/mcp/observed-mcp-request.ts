import type { SpanContext } from "@llmdevops/dd-core";
import { isRecord, textAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import type { OperationSpan } from "../../operation/operation-span.ts";
import { quietly } from "../observed-model-call.ts";
import { toldError } from "../told-error.ts";
import type { ResolvedMcpInstrumentation } from "./mcp-options.ts";

/** Requests that do the application's work; those that keep the connection going are not recorded. */
const recordedMethods: ReadonlySet<unknown> = new Set([
  "tools/call",
  "tools/list",
  "resources/read",
  "resources/list",
  "resources/templates/list",
  "prompts/get",
  "prompts/list",
  "completion/complete",
  "sampling/createMessage",
  "elicitation/create",
]);

/** The error code by which the SDK says that nobody has answered in time. */
const requestTimeout = -32_001;

/** Which side of a request is observed. */
export type McpSide = "client" | "server";

/** Whether a request of this method gets a span. */
export function isRecordedMethod(method: unknown): method is string {
  return recordedMethods.has(method);
}

/** One request of the Model Context Protocol, on one side of it. No method throws. */
export class ObservedMcpRequest {
  readonly #span: OperationSpan;
  readonly #isToolCall: boolean;

  constructor(
    side: McpSide,
    method: string,
    params: UnknownRecord,
    { llm, tags, metricTags }: ResolvedMcpInstrumentation,
    facts: {
      readonly parent?: SpanContext | undefined;
      readonly sessionId?: string | undefined;
      readonly peer?: string | undefined;
    } = {},
  ) {
    const target = textAt(params, "name");
    this.#isToolCall = method === "tools/call";
    const options = {
      resource: this.#isToolCall && target !== undefined ? target : method,
      spanKind: side,
      // What a peer calls a tool could be any text; as a metric's tag on the server it would be without bounds.
      metricTags: {
        ...metricTags,
        mcp_method: method,
        ...(side === "client" && this.#isToolCall && target !== undefined ? { tool: target } : {}),
      },
      tags: {
        ...tags,
        "mcp.method.name": method,
        "mcp.session.id": facts.sessionId,
        "peer.service": facts.peer,
        "agent.tool": this.#isToolCall ? target : undefined,
        "mcp.prompt.name": method === "prompts/get" ? target : undefined,
      },
      ...(facts.parent === undefined ? {} : { childOf: facts.parent }),
    };
    const name = `mcp.${side}.request`;
    if (!this.#isToolCall) this.#span = llm.startTaskSpan(name, options);
    else if (side === "client") this.#span = llm.startToolSpan(name, options);
    else this.#span = llm.startWorkflowSpan(name, options);
    quietly(() =>
      this.#span.setTag("mcp.resource.uri", shownUri(params, this.#span.recordsContent)),
    );
    quietly(() => this.#span.setInput(params["arguments"] ?? withoutMeta(params)));
  }

  get span(): OperationSpan {
    return this.#span;
  }

  /** The answer has come; a tool may have failed all the same. */
  answered(result: unknown): void {
    quietly(() => {
      const answer = isRecord(result) ? result : {};
      this.#span.setOutput(answer["structuredContent"] ?? answer["content"] ?? answer);
      const hasFailed = answer["isError"] === true;
      if (this.#isToolCall) this.#span.setTag("tool.success", !hasFailed);
      if (hasFailed) {
        const { recordsContent } = this.#span;
        this.#span.setError(toldError(answer["content"], recordsContent, "McpToolError"));
      }
      this.#end(hasFailed ? "failed" : "completed");
    });
    this.#span.finish();
  }

  /** The request has failed. @param error What was thrown, or the error of a JSON-RPC response. */
  failed(error: unknown): void {
    quietly(() => {
      if (this.#isToolCall) this.#span.setTag("tool.success", false);
      const code = isRecord(error) ? error["code"] : undefined;
      if (typeof code === "number") this.#span.setTag("mcp.error_code", code);
      this.#span.setError(code === requestTimeout ? named(error, "TimeoutError") : named(error));
      this.#end("failed");
    });
    this.#span.finish();
  }

  /** The application has cancelled the request, or the connection is gone: an outcome, not a failure. */
  cancelled(reason: unknown): void {
    quietly(() => {
      if (reason !== undefined) this.#span.setError(named(reason), { handled: true });
      this.#end("cancelled");
    });
    this.#span.finish();
  }

  #end(outcome: "completed" | "failed" | "cancelled"): void {
    this.#span.setTag("mcp.outcome", outcome);
  }
}

/** The address of a resource; behind `?` and `#` stands what somebody has asked for. */
function shownUri(params: UnknownRecord, isWhole: boolean): string | undefined {
  const uri = textAt(params, "uri");
  return isWhole ? uri : uri?.split(/[?#]/, 1)[0];
}

function withoutMeta({ _meta, ...params }: UnknownRecord): UnknownRecord {
  return params;
}

function named(error: unknown, name?: string): Error {
  if (error instanceof Error && name === undefined) return error;
  const message = isRecord(error) ? textAt(error, "message") : undefined;
  const wrapped = new Error(message ?? String(error));
  wrapped.name = name ?? "McpError";
  return wrapped;
}

/** The session that a transport belongs to, where it has one. */
export function sessionIdOf(transport: unknown): string | undefined {
  return isRecord(transport) ? textAt(transport, "sessionId") : undefined;
}

/** The name that the other side has given itself. */
export function nameOf(implementation: unknown): string | undefined {
  return isRecord(implementation) ? textAt(implementation, "name") : undefined;
}
