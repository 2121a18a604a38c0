import { randomUUID } from "node:crypto";

/** One agent in a run's lineage. */
export interface AgentNode {
  readonly agentName: string;
  readonly parent: AgentNode | undefined;
}

const maximumLineage = 64;

/** What is shared by one run of an agent and its steps: identity, ancestry, counters. */
export class AgentRun {
  /** Identifies the run, also in other processes. */
  readonly runId: string;
  readonly node: AgentNode;
  #steps = 0;
  #toolCalls = 0;

  constructor(agentName: string, parent: AgentRun | undefined, runId?: string) {
    this.runId = runId ?? parent?.runId ?? randomUUID();
    this.node = { agentName, parent: parent?.node };
  }

  get steps(): number {
    return this.#steps;
  }

  get toolCalls(): number {
    return this.#toolCalls;
  }

  /** Takes the next step number, from 1; concurrent steps never share one. */
  nextStep(): number {
    this.#steps += 1;
    return this.#steps;
  }

  countToolCall(): void {
    this.#toolCalls += 1;
  }

  /** Names from the outermost agent to this one; bounded. */
  lineage(): string[] {
    const names: string[] = [];
    let node: AgentNode | undefined = this.node;
    while (node !== undefined && names.length < maximumLineage) {
      names.unshift(node.agentName);
      node = node.parent;
    }
    return names;
  }
}
