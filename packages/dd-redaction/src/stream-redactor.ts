import { createRedactor, type Redactor } from "./redactor.ts";
import type { RedactorOptions } from "./redactor-options.ts";
import type { RedactionTarget } from "./target.ts";

/** Redacts a text that arrives in pieces. */
export interface StreamRedactor {
  /** Takes a piece and returns what can be let go so far. Never throws. */
  push(chunk: string): string;
  /** Returns the rest. Never throws. */
  end(): string;
}
export function createStreamRedactor(
  options: RedactorOptions & { readonly target?: RedactionTarget } = {},
): StreamRedactor {
  const redactor: Redactor = createRedactor(options);
  let pending = "";
  return {
    push(chunk) {
      pending += chunk;
      return "";
    },
    end() {
      const text = redactor.redact(pending, options.target ?? "content");
      pending = "";
      return text;
    },
  };
}
