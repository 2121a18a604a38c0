import type { Span, TagGuard } from "@llmdevops/dd-core";
import type { ContentPolicy } from "../content/content-policy.ts";
import { keepsContent, type SampledCall } from "../content/content-sampling.ts";
import { writeContentTags } from "../content/content-tags.ts";
import { type ConversationMessage, conversationText, toMessages } from "../content/conversation.ts";
import { permittedMessages } from "../content/permitted-messages.ts";
import { policyOfPart } from "../content/policy-of-call.ts";
import { withoutQuotation } from "../errors/quoting-error.ts";

/** The prompt of one call, and what of prompt and answer its span may show. */
export class CallContent {
  readonly #span: Span;
  readonly #guard: TagGuard;
  #policy: ContentPolicy;
  #input: readonly ConversationMessage[] = [];

  constructor(span: Span, policy: ContentPolicy, guard: TagGuard) {
    this.#span = span;
    this.#policy = policy;
    this.#guard = guard;
  }

  /** What may be shown; of a sampled call it is final once {@link decide} has run. */
  get policy(): ContentPolicy {
    return this.#policy;
  }

  /** Whether anything of the content is kept. */
  get isKept(): boolean {
    return this.#policy.mode !== "none";
  }

  /** The prompt, as far as it may be kept. */
  get input(): readonly ConversationMessage[] {
    return this.#input;
  }

  /** Takes the prompt in any provider's form. */
  setInput(input: unknown): void {
    this.#input = permittedMessages(toMessages(input), this.#policy, this.#guard);
    if (this.#policy.sampling === undefined) this.#writePrompt();
  }

  /** Decides about the content of a sampled call, which can be done at its end only. */
  decide(facts: () => SampledCall): void {
    const { sampling } = this.#policy;
    if (sampling === undefined || !this.isKept) return;
    if (!keepsContent(sampling, facts())) this.#policy = { ...this.#policy, mode: "metadata" };
    if (this.#input.length > 0) this.#writePrompt();
  }

  /** Writes what may be shown of the answer. */
  writeResponse(text: string): void {
    const policy = policyOfPart(this.#policy, "response");
    writeContentTags(this.#span, "response", text, policy, this.#guard);
  }

  /** An error as it may be shown: without what it quotes, unless content is shown. */
  shownError(error: unknown): unknown {
    const { mode } = policyOfPart(this.#policy, "response");
    return mode === "preview" || mode === "full" ? error : withoutQuotation(error);
  }

  /** Lets go of the prompt. */
  forget(): void {
    this.#input = [];
  }

  #writePrompt(): void {
    const policy = policyOfPart(this.#policy, "prompt");
    writeContentTags(this.#span, "prompt", conversationText(this.#input), policy, this.#guard);
  }
}
