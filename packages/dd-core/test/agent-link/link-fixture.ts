import type { ServerResponse } from "node:http";
import { onTestFinished, vi } from "vitest";
import { AgentLink } from "../../src/agent-link/agent-link.ts";
import type { BufferOptions, DeliveryOptions } from "../../src/agent-link/link-options.ts";
import type { Payload } from "../../src/agent-link/payload.ts";
import { resolveLinkOptions } from "../../src/agent-link/resolve-link-options.ts";
import { Diagnostics } from "../../src/diagnostics/diagnostics.ts";
import { silentLogger } from "../../src/ports/logger.ts";
import { type Intake, startIntake } from "../support/intake.ts";
import { encode } from "./msgpack-fixture.ts";

/** A link to a server in the Agent's place. */
export interface LinkFixture {
  readonly link: AgentLink;
  readonly intake: Intake;
  readonly errors: Error[];
  /** A payload of so many one-span traces. */
  payload(items?: number, changes?: Partial<Payload>): Payload;
}

export const refuseFor =
  (status: number): ((response: ServerResponse) => void) =>
  (response) => {
    response.writeHead(status).end();
  };

/** Waits long enough for a disk and a machine that others use too. */
export function eventually(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 10 });
}

/** Quick retries without jitter, so that a test knows when they come. */
export async function linkTo(
  buffer: BufferOptions = {},
  delivery: DeliveryOptions = {},
): Promise<LinkFixture> {
  const intake = await startIntake();
  const errors: Error[] = [];
  const diagnostics = new Diagnostics(silentLogger, (error) => void errors.push(error));
  const options = resolveLinkOptions(buffer, { retryBaseMs: 5, retryCapMs: 5, ...delivery });
  const environment = { apiKey: () => undefined, urlFor: () => intake.url, random: () => 1 };
  const link = new AgentLink(options, environment, diagnostics);
  onTestFinished(async () => {
    link.end();
    await intake.stop();
  });
  return {
    link,
    intake,
    errors,
    payload: (items = 1, changes = {}) => ({
      kind: "traces",
      items,
      body: encode(Array.from({ length: items }, (_, number) => [{ number }])),
      route: {
        url: intake.url,
        path: "/v0.4/traces",
        method: "PUT",
        headers: { "X-Datadog-Trace-Count": String(items) },
        agentless: false,
      },
      ...changes,
    }),
  };
}

/** Ends a link as a process that cannot reach the Agent does. */
export function endUndelivered(link: AgentLink): void {
  for (const left of link.end()) link.settleAtExit(left, { state: "failed", reason: "exit" });
}
