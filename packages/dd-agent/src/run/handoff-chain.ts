import { displayName } from "../display-name.ts";

const fromKey = "agent.handoff_from";
const toKey = "agent.handoff_to";
const countKey = "agent.handoff_count";
/** What is told by another process is only believed so far. */
const maximumCount = 1_000_000;

/** Hand-offs in a row between the same two agents of a run; the last one travels on, so that others count with it. */
export class HandoffChain {
  #from = "";
  #to = "";
  #count = 0;

  /** How many there are in a row with one more; 1 for one that goes elsewhere than back. */
  countWith(from: string, to: string): number {
    return this.#count > 0 && this.#from === to && this.#to === from ? this.#count + 1 : 1;
  }

  /** Notes a hand-off. @returns How many there are in a row now. */
  note(from: string, to: string): number {
    this.#count = this.countWith(from, to);
    this.#from = from;
    this.#to = to;
    return this.#count;
  }

  /** Goes on from what another process has sent about the agent that hands over, where nothing is known yet. */
  resume(baggage: Readonly<Record<string, string>> | undefined, agentName: string): void {
    if (this.#count > 0 || baggage === undefined) return;
    const count = Number(baggage[countKey]);
    const from = displayName(baggage[fromKey], "");
    // Baggage is inherited: that of an agent further up says nothing about this one.
    if (from === "" || displayName(baggage[toKey], "") !== agentName) return;
    if (!Number.isSafeInteger(count) || count < 1 || count > maximumCount) return;
    this.#from = from;
    this.#to = agentName;
    this.#count = count;
  }

  /** What an agent that was handed to tells the next process. */
  baggage(from: string, to: string): Readonly<Record<string, string>> {
    return { [fromKey]: from, [toKey]: to, [countKey]: String(this.countWith(from, to)) };
  }
}
