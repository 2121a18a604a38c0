import type { Tracing } from "@llmdevops/dd-core";
import type { ContentMode, ContentOptions, ContentPart } from "@llmdevops/dd-llm";

type Processor = Parameters<NonNullable<Tracing["llmobsSdk"]>["registerProcessor"]>[0];
type ObservedSpan = Parameters<Processor>[0];
type Message = ObservedSpan["input"][number];

/** From the least to the most that is shown. */
export const contentModes: readonly ContentMode[] = ["none", "metadata", "preview", "full"];
const defaultPreviewLength = 500;
let isRegistered = false;

/**
 * Applies the content policy to what dd-trace's own integrations of model SDKs, such as `openai`, send to LLM
 * Observability: they record whole conversations by themselves. Spans of this package have passed the policy already.
 */
export function guardIntegrationContent(tracing: Tracing, options: ContentOptions = {}): void {
  const { llmobsSdk, configuration, diagnostics } = tracing;
  if (llmobsSdk === undefined || configuration.integrations.length === 0) return;
  const showInput = messageView(modeOf(options, ["prompt", "system", "tools"]), options, tracing);
  const showOutput = messageView(modeOf(options, ["response", "tools"]), options, tracing);
  try {
    // The newest client decides, as it does for its own spans.
    if (isRegistered) llmobsSdk.deregisterProcessor();
    llmobsSdk.registerProcessor((span) => {
      if (span.getTag("integration") === undefined) return span;
      span.input = span.input.map(showInput);
      span.output = span.output.map(showOutput);
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

/** The strictest of what the policy says; what it would decide call by call is not shown at all. */
function modeOf(options: ContentOptions, parts: readonly ContentPart[]): ContentMode {
  const general = options.mode ?? process.env["DD_LLMDEVOPS_CONTENT"]?.trim().toLowerCase();
  if (options.sampling !== undefined) return "none";
  const given = [general, ...parts.map((part) => options.parts?.[part]), options.kinds?.llm];
  const ranks = given
    .filter((mode, index) => index === 0 || mode !== undefined)
    .map((mode) => contentModes.indexOf(mode as ContentMode));
  return contentModes[Math.min(...ranks)] ?? "none";
}

function messageView(
  mode: ContentMode,
  { previewLength = defaultPreviewLength }: ContentOptions,
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
