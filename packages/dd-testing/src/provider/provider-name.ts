/** A provider whose wire format the server speaks. */
export type ProviderName = "anthropic" | "openai" | "gemini" | "bedrock";

/** An operation of a provider; `unknown` where the path belongs to none of them. */
export type ProviderEndpoint =
  | "messages"
  | "chat.completions"
  | "completions"
  | "responses"
  | "embeddings"
  | "images"
  | "speech"
  | "transcriptions"
  | "moderations"
  | "batches"
  | "generateContent"
  | "embedContent"
  | "batchEmbedContents"
  | "converse"
  | "invokeModel"
  | "unknown";
