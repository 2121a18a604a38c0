import OpenAI from "openai";
import type { ChatMessage } from "./database.ts";

/** Answers a conversation. */
export type Model = (messages: readonly ChatMessage[]) => Promise<string>;

/** The provider's SDK with its own variables: `OPENAI_API_KEY` and `OPENAI_BASE_URL`. */
export function createModel(): Model {
  const openai = new OpenAI();
  const model = process.env["OPENAI_MODEL"] ?? "gpt-5-mini";
  return async (messages) => {
    const response = await openai.chat.completions.create({ model, messages: [...messages] });
    return response.choices[0]?.message.content ?? "";
  };
}
