import type { DatadogAPMClient } from "@llmdevops/dd";
import { instrumentMcpClient, instrumentMcpServer } from "@llmdevops/dd-llm";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import type { Entries } from "./entries.ts";

/** Both sides of the Model Context Protocol. */
export async function plantInMcp(datadog: DatadogAPMClient, plant: Entries): Promise<void> {
  const options = {
    llm: datadog,
    tags: { note: plant.name("mcp: tag"), [plant.name("mcp: tag's key")]: 1 },
    metricTags: { team: plant.name("mcp: metric tag") },
  };
  const server = instrumentMcpServer(new McpServer(identity(plant, "server")), options);
  const tools = registerTools(server, plant);
  server.registerResource(
    plant.name("mcp: resource"),
    `https://ada:${plant.name("mcp: password in a URI")}@host.example/terms`,
    { description: plant.content("mcp: resource description") },
    (uri) => ({ contents: [{ uri: uri.href, text: plant.content("mcp: resource text") }] }),
  );
  server.registerResource(
    plant.name("mcp: resource template"),
    new ResourceTemplate("search://orders{?q}", { list: undefined }),
    {},
    (uri, { q }) => ({ contents: [{ uri: uri.href, text: String(q) }] }),
  );
  const prompt = plant.name("mcp: prompt");
  server.registerPrompt(
    prompt,
    { description: plant.content("mcp: prompt description"), argsSchema: { topic: z.string() } },
    ({ topic }) => ({
      description: plant.content("mcp: prompt result description"),
      messages: [{ role: "user", content: { type: "text", text: `${topic}` } }],
    }),
  );
  const client = instrumentMcpClient(new Client(identity(plant, "client")), options);
  const [near, far] = InMemoryTransport.createLinkedPair();
  near.sessionId = plant.name("mcp: session of the client");
  far.sessionId = plant.name("mcp: session of the server");
  await server.connect(far);
  await client.connect(near);
  const _meta = {
    note: plant.content("mcp: _meta"),
    [plant.name("mcp: _meta's key")]: 1,
    _dd_trace_context: { "x-datadog-tags": `_dd.p.note=${plant.content("mcp: trace context")}` },
    baggage: `user.id=${encodeURIComponent(plant.name("mcp: baggage"))}`,
  };
  for (const name of tools) {
    const args = { query: plant.content("mcp: argument"), deep: [plant.content("mcp: deep")] };
    await client.callTool({ name, arguments: args, _meta }).catch(() => {});
  }
  await client.callTool({ name: plant.name("mcp: unknown tool") }).catch(() => {});
  for (const { uri } of (await client.listResources()).resources)
    await client.readResource({ uri });
  const query = encodeURIComponent(plant.content("mcp: query of a resource"));
  await client.readResource({ uri: `search://orders?q=${query}` });
  await client.getPrompt({ name: prompt, arguments: { topic: plant.content("mcp: topic") } });
  await client.getPrompt({ name: plant.name("mcp: unknown prompt") }).catch(() => {});
  await client.listTools();
  await client
    .complete({
      ref: { type: "ref/prompt", name: prompt },
      argument: { name: "topic", value: plant.content("mcp: completed value") },
    })
    .catch(() => {});
  await cancelled(client, plant);
  await client.close();
}

function identity(plant: Entries, side: string) {
  return {
    name: plant.name(`mcp: name of the ${side}`),
    version: plant.name(`mcp: ${side} version`),
  };
}

function registerTools(server: McpServer, plant: Entries): string[] {
  const inputSchema = {
    query: z.string().describe(plant.content("mcp: tool schema")),
    deep: z.array(z.string()).default([plant.content("mcp: tool default")]),
  };
  const description = plant.content("mcp: tool description");
  const config = { title: plant.name("mcp: tool title"), description, inputSchema };
  const answer = {
    content: [{ type: "text" as const, text: plant.content("mcp: result") }],
    _meta: { note: plant.content("mcp: _meta of the result") },
  };
  const [good, structured, refusing, failing] = ["good", "structured", "refusing", "failing"].map(
    (kind) => plant.name(`mcp: ${kind} tool`),
  ) as [string, string, string, string];
  server.registerTool(good, config, () => answer);
  server.registerTool(structured, { ...config, outputSchema: { place: z.string() } }, () => ({
    ...answer,
    structuredContent: { place: plant.content("mcp: structured result") },
  }));
  server.registerTool(refusing, config, () => ({
    isError: true,
    content: [{ type: "text" as const, text: plant.content("mcp: refusal of a tool") }],
  }));
  server.registerTool(failing, config, () => {
    throw plant.error("mcp: error of a tool");
  });
  server.registerTool("wait", {}, () => new Promise<never>(() => {}));
  return [good, structured, refusing, failing];
}

async function cancelled(client: Client, plant: Entries): Promise<void> {
  const controller = new AbortController();
  const call = client.callTool({ name: "wait" }, undefined, { signal: controller.signal });
  controller.abort(plant.error("mcp: reason of a cancellation"));
  await call.catch(() => {});
}
