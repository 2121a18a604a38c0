import type { FailMode, FailOptions } from "../agent/fail-mode.ts";
import type { TestAgent } from "../agent/test-agent.ts";
import type { ProviderServer } from "../provider/provider-server.ts";
import type { ScriptedReply } from "../provider/scripted-reply.ts";
import { slowDisk } from "./slow-disk.ts";
import { type NetworkFault, startSlowNetwork } from "./slow-network.ts";

/** What goes wrong; what is left out works. */
export interface FaultPlan {
  /** A fault of an embedded Agent; see `fail`. */
  readonly agent?: {
    /** The agent that is to fail. */
    readonly target: TestAgent;
    /** How it fails. */
    readonly mode: FailMode;
  } & FailOptions;
  /** How a provider server answers whatever has no reply in its queue. */
  readonly provider?: {
    /** The server that is to answer so. */
    readonly target: ProviderServer;
    /** The answer, as `respond` takes it. */
    readonly reply: ScriptedReply;
  };
  /** The time of day jumps for `Date.now` of this process. */
  readonly clock?: {
    /** By how much (ms); may be negative. */
    readonly jumpMs: number;
  };
  /** A bad way to a server; use `networkUrl` instead of the target's URL. */
  readonly network?: NetworkFault;
  /** Functions of `node:fs` and `node:fs/promises`, and methods of file handles, take longer. */
  readonly disk?: {
    /** How much longer each call takes (ms), at least 0. */
    readonly delayMs: number;
  };
}

/** Faults that are switched on. */
export interface InjectedFaults {
  /** The way through the bad network; `undefined` without one. */
  readonly networkUrl: string | undefined;
  /** Heals everything, in the opposite order. May be called any number of times. */
  heal(): Promise<void>;
  /** The same as `heal`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Switches faults on, in this process and at the servers of the test kit.
 *
 * @throws TypeError or RangeError (as a rejection) for a fault that does not exist; what was on already is healed.
 * @example
 * ```ts
 * import { injectFaults } from "@llmdevops/dd-testing";
 *
 * await using faults = await injectFaults({
 *   agent: { target: agent, mode: 503 },
 *   clock: { jumpMs: -3_600_000 },
 * });
 * ```
 */
export async function injectFaults(plan: FaultPlan): Promise<InjectedFaults> {
  const undo: (() => unknown)[] = [];
  const heal = async (): Promise<void> => {
    for (let back = undo.pop(); back !== undefined; back = undo.pop()) await back();
  };
  let networkUrl: string | undefined;
  try {
    const { agent, provider, clock, network, disk } = plan;
    if (clock !== undefined) undo.push(jumpClock(clock.jumpMs));
    if (disk !== undefined) undo.push(await slowDisk(checked("disk.delayMs", disk.delayMs, 0)));
    if (network !== undefined) {
      const way = await startSlowNetwork(network);
      undo.push(way.close);
      networkUrl = way.url;
    }
    if (provider !== undefined) {
      undo.push(provider.target.respond({}, provider.reply));
    }
    if (agent !== undefined) {
      const { target, mode, ...options } = agent;
      undo.push(() => target.fail(null));
      await target.fail(mode, options);
    }
  } catch (error) {
    await heal();
    throw error;
  }
  return { networkUrl, heal, [Symbol.asyncDispose]: heal };
}

function jumpClock(jumpMs: number): () => void {
  checked("clock.jumpMs", jumpMs, Number.NEGATIVE_INFINITY);
  const original = Date.now;
  Date.now = () => original() + jumpMs;
  return () => {
    Date.now = original;
  };
}

function checked(name: string, value: number, least: number): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new RangeError(`injectFaults: ${name} must be a number of milliseconds`);
}
