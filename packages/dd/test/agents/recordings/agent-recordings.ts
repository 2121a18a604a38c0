import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";

/** A recorded exchange of the Claude Agent SDK with its provider. */
export interface AgentExchange {
  readonly file: string;
  readonly session: string;
  /** Set for a sub-agent. */
  readonly agentId: string | undefined;
  readonly request: Readonly<Record<string, unknown>> & {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: unknown }[];
    readonly tools?: readonly unknown[];
  };
  readonly status: number;
  /** The raw server-sent events, or the error. */
  readonly answer: string;
}

// Reference data beside the checkout; it is no part of the project.
const folder = new URL("../../../../../../shared/recordings/claude-agent-sdk/", import.meta.url);

/** Whether the reference data is there. */
export const areAgentRecordingsPresent: boolean = existsSync(folder);

/** All recorded exchanges. */
export function allExchanges(): AgentExchange[] {
  return readdirSync(folder).map(readExchange);
}

/** The recorded exchanges of one session, shorter histories first. */
export function sessionExchanges(session: string): AgentExchange[] {
  return allExchanges()
    .filter((exchange) => exchange.session === session)
    .sort((a, b) => a.request.messages.length - b.request.messages.length);
}

function readExchange(file: string): AgentExchange {
  const { request, response } = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
  return {
    file,
    session: request.headers["X-Claude-Code-Session-Id"],
    agentId: request.headers["x-claude-code-agent-id"],
    request: JSON.parse(request.body),
    status: response.status.code,
    answer: response.body,
  };
}

/** Answers each request with the recording that its header names. */
export async function startReplay(
  exchanges: readonly AgentExchange[],
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    request.resume();
    const exchange = exchanges.find(({ file }) => file === request.headers["x-recording"]);
    const type = exchange?.status === 200 ? "text/event-stream" : "application/json";
    response.writeHead(exchange?.status ?? 404, { "content-type": type });
    response.end(exchange?.answer);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The replay has no port.");
  return { server, url: `http://127.0.0.1:${address.port}` };
}
