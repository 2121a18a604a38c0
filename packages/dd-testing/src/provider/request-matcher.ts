import type { ProviderEndpoint, ProviderName } from "./provider-name.ts";
import type { ProviderRequest } from "./provider-request.ts";

/** Fields that must all match; a field left out matches anything. */
export interface ProviderRequestPattern {
  /** Whose wire format the request speaks. */
  readonly provider?: ProviderName;
  /** Which of the provider's endpoints was called. */
  readonly endpoint?: ProviderEndpoint;
  /** The exact model, or an expression found in it. */
  readonly model?: string | RegExp;
  /** Whether a stream was asked for. */
  readonly streamed?: boolean;
  /** A part of the prompt's text, or an expression found in it. */
  readonly prompt?: string | RegExp;
}

/** Selects requests: by a pattern, or by a function that answers true. */
export type ProviderRequestMatcher =
  | ProviderRequestPattern
  | ((request: ProviderRequest) => boolean);

function found(expression: RegExp, text: string): boolean {
  // A global or sticky expression would remember where the last search ended.
  expression.lastIndex = 0;
  return expression.test(text);
}

/** Whether a request matches. */
export function matches(matcher: ProviderRequestMatcher, request: ProviderRequest): boolean {
  if (typeof matcher === "function") return matcher(request);
  const { endpoint, model, prompt, provider, streamed } = matcher;
  if (provider !== undefined && provider !== request.provider) return false;
  if (endpoint !== undefined && endpoint !== request.endpoint) return false;
  if (streamed !== undefined && streamed !== request.streamed) return false;
  if (typeof model === "string" && model !== request.model) return false;
  if (model instanceof RegExp && !found(model, request.model)) return false;
  if (typeof prompt === "string" && !request.inputText.includes(prompt)) return false;
  return !(prompt instanceof RegExp) || found(prompt, request.inputText);
}
