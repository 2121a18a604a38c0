import { randomUUID } from "node:crypto";

const maximumLineage = 64;

/** What the parent of a run hands down. */
export interface AgentAncestry {
  readonly runId: string;
  /** Names from the outermost agent on. */
  readonly lineage: readonly string[];
}

/** What one run of an agent shares with its steps: identity, ancestry and the step counter. */
export class AgentRun implements AgentAncestry {
  readonly runId: string;
  /** Names from the outermost agent to this one, of a deeper nesting the nearest 64. */
  readonly lineage: readonly string[];
  #steps = 0;

  /** @param runId @default the parent's, else a new one */
  constructor(agentName: string, parent: AgentAncestry | undefined, runId?: string) {
    this.runId = runId ?? parent?.runId ?? randomUUID();
    // A copy: a chain of parents would keep every agent that ever started another.
    this.lineage = [...(parent?.lineage ?? []), agentName].slice(-maximumLineage);
  }

  /** Steps and tool calls so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Takes the next step number, from 1; concurrent steps never share one. */
  nextStep(): number {
    this.#steps += 1;
    return this.#steps;
  }
}
