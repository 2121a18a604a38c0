import type { Span } from "@llmdevops/dd-core";

/** What a tool's function may report of the call it serves. */
export interface ToolCallSpan extends Span {
  /** Says that the answer came from a cache. */
  setCached(cached?: boolean): this;
  /** Says how often the tool was tried again. */
  setRetries(count: number): this;
}
