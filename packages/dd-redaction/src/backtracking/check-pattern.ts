import { isExponential, isPolynomial } from "./ambiguity.ts";
import { type Automaton, createAutomaton, type Step } from "./automaton.ts";
import { anyCharacter, type CharacterSet, characterSet, complement } from "./character-set.ts";
import { parsePattern } from "./parse-pattern.ts";
import { type PatternNode, UnsupportedPatternError } from "./pattern-tree.ts";

/** Why a pattern is refused, as the end of a sentence; undefined when it is safe. */
export type PatternProblem = string | undefined;

const wordCharacters = characterSet([
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]);

/**
 * Finds out whether a pattern could take more than linear time when it is searched for in a text:
 * exponential or polynomial ambiguity, a search that starts over at every character of a long run,
 * an unbounded repetition in a look-around. Judged from the pattern alone, without running it.
 */
export function findPatternProblem(pattern: RegExp): PatternProblem {
  try {
    const tree = parsePattern(pattern);
    if (hasUnboundedLook(tree)) return "has an unbounded repetition in a look-around";
    if (isExponential(createAutomaton(tree, true))) {
      return "could take exponential time: a repetition in a repetition can match the same text in several ways";
    }
    const automaton = createAutomaton(tree, false);
    if (isPolynomial(automaton, () => true)) {
      return "could take quadratic time: two neighbouring repetitions can match the same text";
    }
    const searched = withSearch(automaton, leadingGuard(tree));
    return isPolynomial(searched, (state) => searched.accepting[state] !== true)
      ? "could take quadratic time: the search starts over at every character of a long run; bound the repetition, for example {1,64}, and put a look behind in front"
      : undefined;
  } catch (error) {
    if (error instanceof UnsupportedPatternError)
      return `cannot be judged because of ${error.message}`;
    throw error;
  }
}

function hasUnboundedLook(node: PatternNode, inside = false): boolean {
  switch (node.kind) {
    case "sequence":
      return node.parts.some((part) => hasUnboundedLook(part, inside));
    case "choice":
      return node.options.some((option) => hasUnboundedLook(option, inside));
    case "repeat":
      return (inside && node.maximum > 256) || hasUnboundedLook(node.body, inside);
    case "look":
      return hasUnboundedLook(node.body, true);
    default:
      return false;
  }
}

/** The characters after which a match may begin, as far as the front of the pattern says so. */
function leadingGuard(tree: PatternNode): CharacterSet {
  const first = tree.kind === "sequence" ? tree.parts[0] : tree;
  if (first?.kind === "boundary" && first.word && startsWithWord(tree)) {
    return complement(wordCharacters);
  }
  if (first?.kind !== "look" || !first.behind) return anyCharacter;
  const body =
    first.body.kind === "sequence" && first.body.parts.length === 1
      ? first.body.parts[0]
      : first.body;
  if (body?.kind !== "characters") return anyCharacter;
  return first.negative ? complement(body.set) : body.set;
}

/** `\b` only keeps a match from beginning inside a word when the match begins with a word. */
function startsWithWord(tree: PatternNode): boolean {
  const automaton = createAutomaton(tree, false);
  return (automaton.steps[automaton.start] ?? []).every(({ set }) =>
    complement(wordCharacters).every(([first, last]) =>
      set.every(([from, to]) => to < first || from > last),
    ),
  );
}

/** Puts the search in front: it may skip any characters, and begins where the guard allows it. */
function withSearch(automaton: Automaton, guard: CharacterSet): Automaton {
  const blocked = automaton.steps.length;
  const open = blocked + 1;
  const skip: Step[] = [
    { set: guard, to: open },
    { set: complement(guard), to: blocked },
  ].filter(({ set }) => set.length > 0);
  return {
    start: open,
    accepting: [...automaton.accepting, false, false],
    steps: [...automaton.steps, skip, [...skip, ...(automaton.steps[automaton.start] ?? [])]],
  };
}
