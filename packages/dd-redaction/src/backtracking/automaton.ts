import type { CharacterSet } from "./character-set.ts";
import { type PatternNode, UnsupportedPatternError } from "./pattern-tree.ts";

/** A step that reads one character. */
export interface Step {
  readonly set: CharacterSet;
  readonly to: number;
}

/** A nondeterministic automaton without empty steps. */
export interface Automaton {
  /** Steps per state. */
  readonly steps: readonly (readonly Step[])[];
  /** States from which the rest of the pattern may match nothing. */
  readonly accepting: readonly boolean[];
  readonly start: number;
}

/** A repetition with a larger maximum is treated as if it had none. */
const largestBound = 256;
const maximumStates = 400;
const maximumWays = 20_000;

/** Builds an automaton; look-arounds and boundaries are read as always fulfilled. */
class AutomatonBuilder {
  readonly #empty: number[][] = [];
  readonly #steps: Step[][] = [];
  readonly #boundedAsLoops: boolean;
  #ways = 0;

  constructor(boundedAsLoops: boolean) {
    this.#boundedAsLoops = boundedAsLoops;
  }

  build(tree: PatternNode): Automaton {
    const end = this.#state();
    const start = this.#add(tree, end);
    const closures = this.#empty.map((_, state) => this.#closure(state));
    return {
      start,
      steps: closures.map((states) =>
        states.flatMap((state) =>
          // Copies, so that two ways to one step count as two steps.
          (this.#steps[state] ?? []).map((step) => ({ ...step })),
        ),
      ),
      accepting: closures.map((states) => states.includes(end)),
    };
  }

  #state(): number {
    if (this.#empty.length >= maximumStates) throw new UnsupportedPatternError("its size");
    this.#steps.push([]);
    return this.#empty.push([]) - 1;
  }

  /** Adds a node that goes on to `next` and returns where it starts. */
  #add(node: PatternNode, next: number): number {
    switch (node.kind) {
      case "characters": {
        const state = this.#state();
        this.#steps[state]?.push({ set: node.set, to: next });
        return state;
      }
      case "sequence":
        return node.parts.reduceRight((after, part) => this.#add(part, after), next);
      case "choice": {
        const state = this.#state();
        for (const option of node.options) this.#empty[state]?.push(this.#add(option, next));
        return state;
      }
      case "repeat":
        return this.#addRepeat(node, next);
      default:
        return next;
    }
  }

  #addRepeat(node: PatternNode & { readonly kind: "repeat" }, next: number): number {
    const { body, minimum, maximum } = node;
    if (maximum === 0) return next;
    const unbounded =
      maximum > largestBound || (this.#boundedAsLoops && maximum > minimum && maximum > 4);
    let state: number;
    if (unbounded) {
      state = this.#state();
      this.#empty[state]?.push(this.#add(body, state), next);
    } else {
      state = next;
      if (maximum > minimum) {
        state = this.#state();
        this.#empty[state]?.push(this.#add(body, next), next);
      }
    }
    // One copy in front stands for all of them: how many makes no difference to ambiguity.
    return minimum > 0 ? this.#add(body, state) : state;
  }

  /**
   * The states that empty steps lead to. One that several ways lead to is listed as often: the
   * engine tries every way.
   */
  #closure(start: number, path: readonly number[] = []): number[] {
    if (++this.#ways > maximumWays) throw new UnsupportedPatternError("its size");
    const states = [start];
    for (const next of this.#empty[start] ?? []) {
      // Twice, because `(a*)*` comes back to the inner loop by way of the outer one.
      if (path.indexOf(next) === path.lastIndexOf(next)) {
        states.push(...this.#closure(next, [...path, start]));
      }
    }
    return states;
  }
}

/**
 * Turns a pattern into an automaton.
 *
 * @param boundedAsLoops Whether `{1,20}` counts as a loop, which shows nested repetitions that are
 *   bounded and still take too long; otherwise it counts as taken at most once.
 * @throws {UnsupportedPatternError} It would be too large.
 */
export function createAutomaton(tree: PatternNode, boundedAsLoops: boolean): Automaton {
  return new AutomatonBuilder(boundedAsLoops).build(tree);
}
