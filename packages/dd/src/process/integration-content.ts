import type { Tracing } from "@llmdevops/dd-core";
import type { ContentMode, ContentOptions } from "@llmdevops/dd-llm";

type Processor = Parameters<NonNullable<Tracing["llmobsSdk"]>["registerProcessor"]>[0];
type ObservedSpan = Parameters<Processor>[0];
type Message = ObservedSpan["input"][number];

const defaultPreviewLength = 500;
let isRegistered = false;

/**
 * Applies the content policy to what dd-trace's own integrations of model SDKs, such as `openai`, send to LLM
 * Observability: they record whole conversations by themselves. Spans of this package have passed the policy already.
 */
export function guardIntegrationContent(tracing: Tracing, options: ContentOptions = {}): void {
  const { llmobsSdk, configuration, diagnostics } = tracing;
  if (llmobsSdk === undefined || configuration.integrations.length === 0) return;
  const mode = options.mode ?? process.env["DD_LLMDEVOPS_CONTENT"]?.trim().toLowerCase();
  const show = messageView(mode as ContentMode | undefined, options.previewLength, tracing);
  try {
    // The newest client decides, as it does for its own spans.
    if (isRegistered) llmobsSdk.deregisterProcessor();
    llmobsSdk.registerProcessor((span) => {
      if (span.getTag("integration") === undefined) return span;
      span.input = span.input.map(show);
      span.output = span.output.map(show);
      return span;
    });
    isRegistered = true;
  } catch {
    diagnostics.count("integration_content_not_guarded");
    diagnostics.warnOnce(
      "integration-content",
      "Another processor is registered for LLM Observability, so the content of dd-trace's own integrations is left to it.",
    );
  }
}

function messageView(
  mode: ContentMode | undefined,
  previewLength: number = defaultPreviewLength,
  { guard }: Tracing,
): (message: Message) => Message {
  if (mode === "full") {
    return (message) => {
      const guarded = guard.structure(message);
      const isMessage = typeof guarded === "object" && guarded !== null && "content" in guarded;
      return isMessage ? (guarded as Message) : { ...roleOf(message), content: "" };
    };
  }
  if (mode !== "preview") return (message) => ({ ...roleOf(message), content: "" });
  return (message) => {
    const { content } = message;
    const text = typeof content === "string" ? content : (JSON.stringify(content) ?? "");
    const shown = guard.text(text, "content").slice(0, previewLength);
    return { ...roleOf(message), content: shown };
  };
}

function roleOf({ role }: Message): Pick<Message, "role"> {
  return role === undefined ? {} : { role };
}
