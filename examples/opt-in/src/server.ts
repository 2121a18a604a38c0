import fastify, { type FastifyInstance } from "fastify";
import type { ChatMessage, Database } from "./database.ts";
import type { Model } from "./model.ts";

interface ChatRequest {
  Params: { readonly chat: string };
  Body: { readonly message: string };
}

const body = {
  type: "object",
  required: ["message"],
  properties: { message: { type: "string", minLength: 1, maxLength: 10_000 } },
};

/** The service: it remembers chats and lets a model answer them. */
export function createServer(database: Database, model: Model): FastifyInstance {
  const server = fastify();
  server.get("/health", () => ({ status: "ok" }));
  server.get<ChatRequest>("/chats/:chat", async ({ params }) => ({
    messages: await database.messages(params.chat),
  }));
  server.post<ChatRequest>("/chats/:chat", { schema: { body } }, async ({ params, body }) => {
    const question: ChatMessage = { role: "user", content: body.message };
    const history = await database.messages(params.chat);
    const answer = await model([...history, question]);
    await database.add(params.chat, question);
    await database.add(params.chat, { role: "assistant", content: answer });
    return { answer };
  });
  return server;
}
