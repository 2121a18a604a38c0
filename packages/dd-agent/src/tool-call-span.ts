import type { Span } from "@llmdevops/dd-core";
import { ScopedSpan } from "./agent-span.ts";

/** What a tool's function may report of the call it serves. No method throws. */
export interface ToolCallSpan extends Span {
  /** Says that the answer came from a cache. @param cached @default true */
  setCached(cached?: boolean): this;
  /** Says how often the tool was tried again, from 0. */
  setRetries(count: number): this;
}

/** The span of a tool call in the making. */
export class RecordedToolCallSpan extends ScopedSpan implements ToolCallSpan {
  #cached = false;
  #retries = 0;

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
}
