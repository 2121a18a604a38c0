/** Whose model answers at a host that speaks OpenAI's API; the names are those of the price list. */
const providerByHost: readonly (readonly [host: RegExp, provider: string])[] = [
  [/(^|\.)openai\.com$/, "openai"],
  [
    /(^|\.)(openai\.azure\.com|azure-api\.net|(cognitiveservices|services\.ai)\.azure\.com)$/,
    "azure",
  ],
  [/(^|\.)models\.(inference\.ai\.azure\.com|github\.ai)$/, "github"],
  [/^bedrock-(runtime|mantle)\.[a-z0-9-]+\.(amazonaws\.com|api\.aws)$/, "aws"],
  [/(^|\.)deepseek\.com$/, "deepseek"],
  [/(^|\.)groq\.com$/, "groq"],
  [/(^|\.)x\.ai$/, "x-ai"],
  [/(^|\.)mistral\.ai$/, "mistral"],
  [/(^|\.)openrouter\.ai$/, "openrouter"],
  [/(^|\.)together\.(xyz|ai)$/, "together"],
  [/(^|\.)fireworks\.ai$/, "fireworks"],
  [/(^|\.)perplexity\.ai$/, "perplexity"],
  [/(^|\.)cerebras\.ai$/, "cerebras"],
  [/(^|\.)cohere\.(ai|com)$/, "cohere"],
  [/(^|\.)moonshot\.(ai|cn)$/, "moonshotai"],
  [/(^|\.)novita\.ai$/, "novita"],
  [/(^|\.)googleapis\.com$/, "google"],
  [/(^|\.)anthropic\.com$/, "anthropic"],
];

/** Providers of which it is known that they understand `stream_options.include_usage`. */
const reportUsageInStreams: ReadonlySet<string> = new Set([
  "openai",
  "deepseek",
  "groq",
  "x-ai",
  "openrouter",
  "together",
  "fireworks",
]);

/**
 * The provider behind a base URL.
 *
 * @returns `openai` for a host that is not known, which mostly is a gateway in front of OpenAI; `ollama` for Ollama's
 *   own port on this machine.
 */
export function providerOfBaseUrl(baseUrl: unknown): string {
  const url = typeof baseUrl === "string" && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined) return "openai";
  if (url.port === "11434") return "ollama";
  return providerByHost.find(([host]) => host.test(url.hostname))?.[1] ?? "openai";
}

/** Whether the provider can be asked for the usage of a stream without risking that it refuses the request. */
export function reportsUsageInStreams(provider: string): boolean {
  return reportUsageInStreams.has(provider);
}
