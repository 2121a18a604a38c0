import type { IncomingHttpHeaders } from "node:http";
import type { ResolvedAgentOptions } from "../agent-options.ts";
import type { AgentRecords } from "../agent-records.ts";
import type { DogstatsdServer } from "../dogstatsd/dogstatsd-server.ts";

/** A request whose body has arrived. */
export interface AgentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What the routes need of the agent. */
export interface RouteContext {
  readonly options: ResolvedAgentOptions;
  readonly records: AgentRecords;
  readonly dogstatsd: DogstatsdServer;
  readonly port: number;
}
