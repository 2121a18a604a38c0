import type { RecordedAgentSpan } from "../agent-span.ts";
import { GraphRecorder } from "../graph/graph-recorder.ts";
import type { RunGuard } from "../guard/run-guard.ts";
import type { Activity, ActivityKind } from "./activity.ts";
import { HandoffChain } from "./handoff-chain.ts";
import { emptyTally, type Tally } from "./tally.ts";

const maximumActivities = 2_000;

/** What all agents of one run share in this process. It lives as long as their spans are held. */
export class RunLedger {
  readonly total: Tally = emptyTally();
  readonly graph: GraphRecorder = new GraphRecorder();
  readonly handoffs: HandoffChain = new HandoffChain();
  readonly guard: RunGuard | undefined;
  /** The outermost agent, once it has started. */
  root: RecordedAgentSpan | undefined;
  #activities = 0;

  constructor(guard: RunGuard | undefined) {
    this.guard = guard;
  }

  /** Activities that are missing in the critical path, since there were 2,000 others. */
  get omittedActivities(): number {
    return Math.max(0, this.#activities - maximumActivities);
  }

  /** Notes the begin of an activity; its time counts for its parent where there are too many. */
  begin(kind: ActivityKind, name: string, agent: string, parent: Activity | undefined): Activity {
    const activity = { kind, name, agent, start: performance.now(), end: undefined, children: [] };
    this.#activities += 1;
    if (this.#activities <= maximumActivities) parent?.children.push(activity);
    return activity;
  }
}
