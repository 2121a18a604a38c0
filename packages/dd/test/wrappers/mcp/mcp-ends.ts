import { createServer } from "node:http";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { Client as OldestClient } from "@modelcontextprotocol/sdk-oldest/client/index.js";
import { StreamableHTTPClientTransport as OldestHTTPClientTransport } from "@modelcontextprotocol/sdk-oldest/client/streamableHttp.js";
import { InMemoryTransport as OldestInMemoryTransport } from "@modelcontextprotocol/sdk-oldest/inMemory.js";
import { McpServer as OldestMcpServer } from "@modelcontextprotocol/sdk-oldest/server/mcp.js";
import { StreamableHTTPServerTransport as OldestHTTPServerTransport } from "@modelcontextprotocol/sdk-oldest/server/streamableHttp.js";

/** The classes of one version, and how a client reaches a server. */
export interface End {
  readonly Client: typeof Client;
  readonly McpServer: typeof McpServer;
  readonly connect: (client: Client, server: McpServer) => Promise<Disconnect>;
}

/** Both ends of the range that is supported, over each kind of transport. */
export const ends: readonly (readonly [name: string, end: End])[] = [
  ["newest, in memory", { Client, McpServer, connect: connectInMemory }],
  ["newest, over HTTP", { Client, McpServer, connect: connectOverHTTP }],
  [
    "oldest, in memory",
    {
      // The classes of the two versions have the same shape as far as the tests use them.
      Client: OldestClient as unknown as typeof Client,
      McpServer: OldestMcpServer as unknown as typeof McpServer,
      connect: connectOldestInMemory,
    },
  ],
  [
    "oldest, over HTTP",
    {
      Client: OldestClient as unknown as typeof Client,
      McpServer: OldestMcpServer as unknown as typeof McpServer,
      connect: connectOldestOverHTTP,
    },
  ],
];

type Disconnect = () => Promise<void>;

async function connectInMemory(client: Client, server: McpServer): Promise<Disconnect> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  await client.connect(near);
  return () => client.close();
}

async function connectOldestInMemory(client: Client, server: McpServer): Promise<Disconnect> {
  const [near, far] = OldestInMemoryTransport.createLinkedPair();
  await server.connect(far as never);
  await client.connect(near as never);
  return () => client.close();
}

async function connectOverHTTP(client: Client, server: McpServer): Promise<Disconnect> {
  const far = new StreamableHTTPServerTransport({ sessionIdGenerator: () => "session-1" });
  await server.connect(far as never);
  const http = await listen((request, response) => far.handleRequest(request, response));
  await client.connect(new StreamableHTTPClientTransport(new URL(http.url)) as never);
  return () => close(client, server, http.stop);
}

async function connectOldestOverHTTP(client: Client, server: McpServer): Promise<Disconnect> {
  const far = new OldestHTTPServerTransport({ sessionIdGenerator: () => "session-1" });
  await server.connect(far as never);
  const http = await listen((request, response) => far.handleRequest(request, response));
  await client.connect(new OldestHTTPClientTransport(new URL(http.url)) as never);
  return () => close(client, server, http.stop);
}

async function close(client: Client, server: McpServer, stop: () => void): Promise<void> {
  await client.close();
  await server.close();
  stop();
}

type Handler = (
  ...args: Parameters<StreamableHTTPServerTransport["handleRequest"]>
) => Promise<void>;

async function listen(
  handle: Handler,
): Promise<{ readonly url: string; readonly stop: () => void }> {
  const http = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const address = http.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    stop: () => {
      http.close();
      http.closeAllConnections();
    },
  };
}
