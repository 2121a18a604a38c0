import type { Span } from "@llmdevops/dd-core";
import { type AgentScope, ScopedSpan } from "./agent-span.ts";

/** What a tool's function may report of the call it serves. No method throws. */
export interface ToolCallSpan extends Span {
  /** Says that the answer came from a cache. @param cached @default true */
  setCached(cached?: boolean): this;
  /** Says how often the tool was tried again, from 0. */
  setRetries(count: number): this;
  /** Records what the tool is given, where that was not known when the call began. */
  setInput(input: unknown): this;
  /** Records what the tool returned: its size, and the value itself only with `recordContent`. */
  setOutput(output: unknown): this;
}

/** Takes what a tool is given and what it returns. */
export interface ToolCallContent {
  onInput(span: Span, input: unknown): void;
  onOutput(span: Span, output: unknown): void;
}

/** The span of a tool call in the making. */
export class RecordedToolCallSpan extends ScopedSpan implements ToolCallSpan {
  readonly #content: ToolCallContent;
  #cached = false;
  #retries = 0;

  constructor(span: Span, scope: AgentScope | undefined, content: ToolCallContent) {
    super(span, scope);
    this.#content = content;
  }

  get cached(): boolean {
    return this.#cached;
  }

  /** Retries as far as they are a whole number from 0. */
  get retries(): number {
    return this.#retries;
  }

  setCached(cached = true): this {
    this.#cached = cached === true;
    return this.setTag("tool.cached", this.#cached);
  }

  setRetries(count: number): this {
    if (Number.isSafeInteger(count) && count >= 0) this.#retries = count;
    return this.setTag("tool.retries", count);
  }

  setInput(input: unknown): this {
    if (!this.finished) this.#content.onInput(this, input);
    return this;
  }

  setOutput(output: unknown): this {
    if (!this.finished) this.#content.onOutput(this, output);
    return this;
  }
}
