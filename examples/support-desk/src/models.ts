import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import {
  type DatadogAPMClient,
  instrumentAnthropic,
  instrumentGoogleGenAI,
  instrumentOpenAI,
} from "@llmdevops/dd";
import OpenAI from "openai";

/** The official SDKs, wrapped once; each reads its key and base URL from the environment. */
export interface Models {
  readonly anthropic: Anthropic;
  readonly openai: OpenAI;
  readonly google: GoogleGenAI;
}

export const routerModel = "gpt-4o-mini";
export const researchModel = "claude-sonnet-4-6";
export const writerModel = "gemini-2.5-flash";
export const billingModel = "gpt-4.1-mini";

/** The SDKs' own retries are off: the application retries, so that every attempt is a span of its own. */
export function createModels(datadog: DatadogAPMClient): Models {
  const geminiUrl = process.env["GOOGLE_GEMINI_BASE_URL"];
  const google = new GoogleGenAI({
    apiKey: process.env["GEMINI_API_KEY"] ?? "",
    ...(geminiUrl === undefined ? {} : { httpOptions: { baseUrl: geminiUrl } }),
  });
  return {
    anthropic: instrumentAnthropic(new Anthropic({ maxRetries: 0 }), { llm: datadog }),
    openai: instrumentOpenAI(new OpenAI({ maxRetries: 0 }), { llm: datadog }),
    google: instrumentGoogleGenAI(google, { llm: datadog }),
  };
}
