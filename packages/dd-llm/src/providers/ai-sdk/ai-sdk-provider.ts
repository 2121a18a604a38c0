import { providerOfBaseUrl } from "../openai/openai-provider.ts";

/** Whose model answers, by the beginning of the name that a provider of the AI SDK gives itself. */
const providers: readonly (readonly [name: RegExp, provider: string])[] = [
  [/^amazon-bedrock|^bedrock/, "aws"],
  [/^google|^vertex/, "google"],
  [/^azure/, "azure"],
  [/^xai/, "x-ai"],
  [/^togetherai/, "together"],
  [/^moonshotai/, "moonshotai"],
];

/**
 * The provider of a model of the AI SDK.
 *
 * @param name What the model says, for example `anthropic.messages` or `openai.responses`.
 * @param model The model's id; behind a gateway it begins with the provider.
 */
export function providerOfAISDK(name: string, model: string): string {
  const known = providers.find(([pattern]) => pattern.test(name))?.[1];
  if (known !== undefined) return known;
  if (/^(gateway|vercel)\b/.test(name) && model.includes("/")) {
    return model.slice(0, model.indexOf("/"));
  }
  return name.split(".", 1)[0] || providerOfBaseUrl(undefined);
}
