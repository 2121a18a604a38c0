import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";

/** The official SDKs; each reads its key and base URL from the environment. */
export interface Models {
  readonly anthropic: Anthropic;
  readonly openai: OpenAI;
  readonly google: GoogleGenAI;
}

export const routerModel = "gpt-4o-mini";
export const researchModel = "claude-sonnet-4-6";
export const writerModel = "gemini-2.5-flash";
export const billingModel = "gpt-4.1-mini";

/** The SDKs' own retries are off: the application retries, so that every attempt is seen as a call. */
export function createModels(): Models {
  const geminiUrl = process.env["GOOGLE_GEMINI_BASE_URL"];
  return {
    anthropic: new Anthropic({ maxRetries: 0 }),
    openai: new OpenAI({ maxRetries: 0 }),
    google: new GoogleGenAI({
      apiKey: process.env["GEMINI_API_KEY"] ?? "",
      ...(geminiUrl === undefined ? {} : { httpOptions: { baseUrl: geminiUrl } }),
    }),
  };
}
