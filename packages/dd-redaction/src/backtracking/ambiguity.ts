import type { Automaton, Step } from "./automaton.ts";
import { anyCharacter, type CharacterSet, intersection } from "./character-set.ts";
import { UnsupportedPatternError } from "./pattern-tree.ts";

const maximumVisits = 200_000;

interface JointStep {
  readonly to: readonly number[];
  /** Whether two of the states took different steps, be it to the same state. */
  readonly apart: boolean;
}

/** Combinations of states that one and the same next character leads to. */
function jointSteps(automaton: Automaton, states: readonly number[]): JointStep[] {
  let partial: { readonly set: CharacterSet; readonly steps: readonly Step[] }[] = [
    { set: anyCharacter, steps: [] },
  ];
  for (const state of states) {
    partial = partial.flatMap(({ set, steps }) =>
      (automaton.steps[state] ?? []).flatMap((step) => {
        const common = intersection(set, step.set);
        return common.length > 0 ? [{ set: common, steps: [...steps, step] }] : [];
      }),
    );
  }
  return partial.map(({ steps }) => ({
    to: steps.map(({ to }) => to),
    apart: steps.some((step) => step !== steps[0]),
  }));
}

/** Whether joint steps lead from one combination of states to another. */
class JointSearch {
  readonly #automaton: Automaton;
  #visits = 0;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
  }

  /** @param apart Whether the way must use different steps somewhere. */
  reaches(from: readonly number[], target: readonly number[], apart = false): boolean {
    const seen = new Set<string>();
    const queue: JointStep[] = [{ to: from, apart: !apart }];
    for (let states = queue.pop(); states !== undefined; states = queue.pop()) {
      if (++this.#visits > maximumVisits) throw new UnsupportedPatternError("its size");
      for (const next of jointSteps(this.#automaton, states.to)) {
        const step = { to: next.to, apart: states.apart || next.apart };
        if (step.apart && step.to.every((state, index) => state === target[index])) return true;
        const key = `${step.to.join()} ${step.apart}`;
        if (!seen.has(key)) {
          seen.add(key);
          queue.push(step);
        }
      }
    }
    return false;
  }
}

/** States that lie on a loop. */
function loopStates(automaton: Automaton): number[] {
  const search = new JointSearch(automaton);
  return automaton.steps
    .map((_, state) => state)
    .filter((state) => search.reaches([state], [state]));
}

/**
 * Whether some text can be read in a number of ways that doubles with every repetition: two
 * different ways around one loop (exponential degree of ambiguity, Weber and Seidl 1991).
 */
export function isExponential(automaton: Automaton): boolean {
  const search = new JointSearch(automaton);
  return loopStates(automaton).some((state) =>
    search.reaches([state, state], [state, state], true),
  );
}

/**
 * Whether some text can be split between two loops in a number of ways that grows with its length:
 * a word that goes around the first, leads to the second, and goes around that (polynomial degree
 * of ambiguity, Weber and Seidl 1991).
 *
 * @param matters Whether a second loop matters; one that cannot fail afterwards does not.
 */
export function isPolynomial(automaton: Automaton, matters: (state: number) => boolean): boolean {
  const loops = loopStates(automaton);
  const search = new JointSearch(automaton);
  return loops.some((first) =>
    loops.some(
      (second) =>
        first !== second &&
        matters(second) &&
        search.reaches([first, first, second], [first, second, second]),
    ),
  );
}
