import { join } from "node:path";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { AgentLink } from "./agent-link.ts";
import type { LinkHealth } from "./health-probe.ts";
import type { LinkCounts } from "./link-counts.ts";
import type { LinkEnvironment, ResolvedLinkOptions } from "./link-options.ts";
import type { Payload } from "./payload.ts";

/**
 * One link to the Agent, and one to Datadog for what goes there directly: where one of them is gone, the other's
 * telemetry does not wait for it.
 */
export class DeliveryLinks {
  readonly options: ResolvedLinkOptions;
  readonly #agent: AgentLink;
  readonly #direct: AgentLink;

  constructor(
    options: ResolvedLinkOptions,
    environment: LinkEnvironment,
    diagnostics: Diagnostics,
  ) {
    this.options = options;
    this.#agent = new AgentLink(options, environment, diagnostics);
    const { spoolDirectory } = options;
    const directOptions =
      spoolDirectory === undefined
        ? options
        : { ...options, spoolDirectory: join(spoolDirectory, "direct") };
    this.#direct = new AgentLink(directOptions, environment, diagnostics);
  }

  /** Each of the links. */
  get each(): readonly AgentLink[] {
    return [this.#agent, this.#direct];
  }

  /** @see AgentLink.submit */
  submit(payload: Payload): void {
    (payload.route.agentless ? this.#direct : this.#agent).submit(payload);
  }

  /** @see AgentLink.refuse */
  refuse(kind: Payload["kind"], items: number, reason: string): void {
    this.#agent.refuse(kind, items, reason);
  }

  /** @see AgentLink.recover */
  recover(): void {
    for (const link of this.each) link.recover();
  }

  /** The counts of both. */
  counts(): LinkCounts {
    return addCounts(this.#agent.counts(), this.#direct.counts());
  }

  /** How the Agent is. */
  health(): LinkHealth {
    return this.#agent.health();
  }

  /** @see AgentLink.flush */
  async flush(timeoutMs: number, isPatient?: boolean): Promise<boolean> {
    const flushes = this.each.map((link) => link.flush(timeoutMs, isPatient));
    return (await Promise.all(flushes)).every(Boolean);
  }

  /** @see AgentLink.stop */
  stop(): void {
    for (const link of this.each) link.stop();
  }
}

function addCounts(one: LinkCounts, other: LinkCounts): LinkCounts {
  return {
    accepted: one.accepted + other.accepted,
    delivered: one.delivered + other.delivered,
    unconfirmed: one.unconfirmed + other.unconfirmed,
    dropped: addReasons(one.dropped, other.dropped),
    buffered: one.buffered + other.buffered,
    bufferedBytes: one.bufferedBytes + other.bufferedBytes,
    spooled: one.spooled + other.spooled,
    recovered: one.recovered + other.recovered,
    attempts: one.attempts + other.attempts,
    failures: addReasons(one.failures, other.failures),
    lastLatencyMs: one.lastLatencyMs ?? other.lastLatencyMs,
    spans: {
      accepted: one.spans.accepted + other.spans.accepted,
      exported: one.spans.exported + other.spans.exported,
      dropped: one.spans.dropped + other.spans.dropped,
    },
  };
}

function addReasons(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum: Record<string, number> = { ...one };
  for (const [reason, count] of Object.entries(other)) sum[reason] = (sum[reason] ?? 0) + count;
  return sum;
}
