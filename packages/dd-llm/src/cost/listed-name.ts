import { findProvider } from "@pydantic/genai-prices";

/**
 * Providers by names that the list does not know: of OpenTelemetry
 * (https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/), the AI SDK, LangChain and LiteLLM.
 */
const providers: ReadonlyMap<string, string> = new Map([
  ["azure.ai.inference", "azure"],
  ["azure_ai", "azure"],
  ["azure_ai_inference", "azure"],
  ["fireworks_ai", "fireworks"],
  ["fireworks-ai", "fireworks"],
  ["gcp.gen_ai", "google"],
  ["grok", "x-ai"],
  ["perplexity-ai", "perplexity"],
  ["togetherai", "together"],
  ["x_ai", "x-ai"],
]);

const modelPath = "models/";

/** The provider by the name of the list; the AI SDK puts the kind of its models behind it (`groq.chat`). */
export function listedProvider(provider: string): string {
  const name = provider.toLowerCase();
  const known = providers.get(name);
  if (known !== undefined) return known;
  const dot = name.indexOf(".");
  if (dot <= 0 || findProvider({ providerId: provider }) !== undefined) return provider;
  const family = name.slice(0, dot);
  return providers.get(family) ?? family;
}

/**
 * The model without what stands before its name: the path of a resource (`models/gemini-2.5-flash`,
 * `publishers/google/models/…`) or the provider itself, as gateways write it (`openai/gpt-4o`). `undefined` where
 * nothing stands there; what it is that stands there matters, since some names begin with the maker of the model.
 */
export function bareModel(provider: string, model: string): string | undefined {
  const path = model.lastIndexOf(modelPath);
  if (path === 0 || model[path - 1] === "/") return model.slice(path + modelPath.length);
  const slash = model.indexOf("/");
  if (slash <= 0) return undefined;
  const before = findProvider({ providerId: listedProvider(model.slice(0, slash)) });
  const own = findProvider({ providerId: provider });
  return before !== undefined && before.id === own?.id ? model.slice(slash + 1) : undefined;
}
