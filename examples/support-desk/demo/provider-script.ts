import type { ProviderServer } from "@llmdevops/dd-testing";

/** Tells the provider server what the models of the support desk answer. */
export function scriptProviders(providers: ProviderServer): void {
  providers.respond(
    { endpoint: "chat.completions", streamed: false },
    { text: "guide", usage: { inputTokens: 61, outputTokens: 2 }, delayMs: 30 },
  );
  providers.respond(
    { endpoint: "chat.completions", streamed: false, prompt: "charged twice" },
    {
      text: "billing",
      usage: { inputTokens: 64, outputTokens: 2, cacheReadTokens: 32 },
      delayMs: 30,
    },
  );
  scriptResearch(providers);
  providers.respond(
    { endpoint: "responses" },
    {
      toolCalls: [{ name: "issue_refund", arguments: { order: "4711" } }],
      usage: { inputTokens: 210, outputTokens: 18, reasoningTokens: 0 },
      delayMs: 60,
    },
    { times: 1 },
  );
  providers.respond(
    { endpoint: "responses", prompt: "refundedUsd" },
    {
      text: "The second charge of 49 USD was paid back.",
      usage: { inputTokens: 240, outputTokens: 14 },
      delayMs: 40,
    },
  );
  providers.respond(
    { provider: "gemini", streamed: true },
    {
      text: "Thank you for writing. We looked into it, and here is what you can do next: open the settings, and tell us if anything is left.",
      usage: { inputTokens: 180, outputTokens: 64, reasoningTokens: 24, cacheReadTokens: 60 },
      delayMs: 40,
      chunkDelayMs: 8,
    },
  );
  providers.respond(
    { endpoint: "chat.completions", streamed: true },
    {
      text: "About your ticket: what we found out and what happens next with your account this week",
      usage: { inputTokens: 90, outputTokens: 22 },
      delayMs: 20,
      chunkDelayMs: 10,
    },
  );
}

/** Overloaded once; then both tools; then the findings, read partly from the prompt cache. */
function scriptResearch(providers: ProviderServer): void {
  providers.respond(
    { provider: "anthropic" },
    {
      text: "The customer was charged twice for order 4711; the language is set under Settings.",
      usage: { inputTokens: 1480, outputTokens: 44, cacheReadTokens: 1024 },
      delayMs: 60,
    },
  );
  providers.respond(
    (request) => request.provider === "anthropic" && !request.inputText.includes("articles"),
    {
      text: "I will look that up.",
      toolCalls: [
        { name: "search_guide", arguments: { query: "dashboard language" } },
        { name: "look_up_order", arguments: { order: "4711" } },
      ],
      usage: { inputTokens: 1240, outputTokens: 72, cacheWriteTokens: 1024 },
      delayMs: 60,
    },
  );
  providers.respond({ provider: "anthropic" }, { error: "overloaded", delayMs: 15 }, { times: 1 });
}
