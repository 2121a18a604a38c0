import { type Diagnostics, type Span, SpanDecorator, type TagGuard } from "@llmdevops/dd-core";
import type { ContentPolicy } from "../content/content-policy.ts";
import { markedPreview } from "../content/content-preview.ts";
import { keepsContent } from "../content/content-sampling.ts";
import { writeContentTags } from "../content/content-tags.ts";
import { maximumContentLength } from "../content/conversation.ts";
import { policyOfPart } from "../content/policy-of-call.ts";
import { classifyLLMError, type LLMErrorClass } from "../errors/error-class.ts";
import { withoutQuotation } from "../errors/quoting-error.ts";
import { jsonText } from "../formats/unknown-record.ts";
import { readOption } from "../span/model-call.ts";
import type { OperationKind } from "./operation-options.ts";
import type { OperationSpan, RetrievedDocument } from "./operation-span.ts";
import { retrievedDocuments } from "./retrieved-documents.ts";

/** What the spans of one client share. */
export interface OperationEnvironment {
  readonly policy: ContentPolicy;
  readonly guard: TagGuard;
  readonly diagnostics: Diagnostics;
}

/** The span of a workflow, a task or a retrieval in the making. */
export class RecordedOperationSpan extends SpanDecorator implements OperationSpan {
  readonly kind: OperationKind;
  readonly #environment: OperationEnvironment;
  readonly #tagged = new Map<"prompt" | "response", string>();
  #errorClass: LLMErrorClass | undefined;
  #input: string | undefined;
  #output: string | RetrievedDocument[] | undefined;

  constructor(span: Span, kind: OperationKind, environment: OperationEnvironment) {
    super(span);
    this.kind = kind;
    this.#environment = environment;
  }

  /** The kind of the failure, where there was one. */
  get errorClass(): LLMErrorClass | undefined {
    // The tracing client ends a span whose time limit is over, and marks it.
    return this.#errorClass ?? (this.getTag("timeout") === true ? "timeout" : undefined);
  }

  get recordsContent(): boolean {
    return this.#shows("response");
  }

  setInput(input: unknown): this {
    if (this.#refusesChange() || this.#environment.policy.mode === "none") return this;
    const text = textOf(input);
    this.#tagged.set("prompt", text);
    if (this.#environment.policy.sampling === undefined) this.#writeTags("prompt");
    this.#input = this.#shown("prompt", text);
    return this;
  }

  setOutput(output: unknown): this {
    if (this.#refusesChange()) return this;
    const documents = this.kind === "retrieval" ? retrievedDocuments(output) : undefined;
    if (documents !== undefined) this.setTag("llm.document_count", documents.length);
    if (this.#environment.policy.mode === "none") return this;
    const text = documents?.map((document) => document.text).join("\n") ?? textOf(output);
    this.#tagged.set("response", text.slice(0, maximumContentLength));
    if (this.#environment.policy.sampling === undefined) this.#writeTags("response");
    this.#output =
      documents?.map((document) => ({
        ...document,
        text: this.#shown("response", document.text),
      })) ?? this.#shown("response", text);
    return this;
  }

  override setError(error: unknown, options?: { readonly handled?: boolean }): this {
    const shown = this.recordsContent ? error : withoutQuotation(error);
    if (readOption(options, "handled") === true || this.finished)
      return super.setError(shown, options);
    this.#errorClass ??= classifyLLMError(error);
    return super.setError(shown);
  }

  /** What LLM Observability may be shown, where the content policy allows it anything. */
  shownContent(durationMs: number): {
    readonly inputData?: unknown;
    readonly outputData?: unknown;
  } {
    const { sampling } = this.#environment.policy;
    if (sampling !== undefined) {
      const hasFailed = this.errorClass !== undefined;
      const { traceId } = this;
      if (!keepsContent(sampling, { traceId, hasFailed, durationMs, costUsd: undefined }))
        return {};
      for (const side of this.#tagged.keys()) this.#writeTags(side);
    }
    return {
      ...(this.#shows("prompt") && this.#input !== undefined ? { inputData: this.#input } : {}),
      ...(this.#shows("response") && this.#output !== undefined
        ? { outputData: this.#output }
        : {}),
    };
  }

  #shows(side: "prompt" | "response"): boolean {
    const { mode } = policyOfPart(this.#environment.policy, side);
    return mode === "preview" || mode === "full";
  }

  #shown(side: "prompt" | "response", text: string): string {
    const { mode, previewLength } = policyOfPart(this.#environment.policy, side);
    return mode === "preview" ? markedPreview(text, previewLength, this.#environment.guard) : text;
  }

  #writeTags(side: "prompt" | "response"): void {
    const { policy, guard } = this.#environment;
    writeContentTags(this, side, this.#tagged.get(side) ?? "", policyOfPart(policy, side), guard);
  }

  #refusesChange(): boolean {
    if (this.finished) this.#environment.diagnostics.count("span_changed_after_finish");
    return this.finished;
  }
}

function textOf(value: unknown): string {
  return (typeof value === "string" ? value : jsonText(value)).slice(0, maximumContentLength);
}
