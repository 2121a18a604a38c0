import {
  anyCharacter,
  type CharacterSet,
  characterSet,
  complement,
  ignoringCase,
} from "./character-set.ts";
import { type PatternNode, UnsupportedPatternError } from "./pattern-tree.ts";

const digits: CharacterSet = [[48, 57]];
const wordCharacters = characterSet([
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]);
const spaces = characterSet([
  [9, 13],
  [32, 32],
  [160, 160],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
]);
const lineEnds = characterSet([
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
]);

const classEscapes: Readonly<Record<string, CharacterSet>> = {
  d: digits,
  D: complement(digits),
  w: wordCharacters,
  W: complement(wordCharacters),
  s: spaces,
  S: complement(spaces),
};
const controlEscapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 };

/** Parses the source of a valid regular expression. */
class PatternParser {
  readonly #source: string;
  readonly #dot: CharacterSet;
  readonly #ignoreCase: boolean;
  #at = 0;

  constructor(pattern: RegExp) {
    if (pattern.flags.includes("v")) throw new UnsupportedPatternError("the flag v");
    this.#source = pattern.source;
    this.#dot = pattern.dotAll ? anyCharacter : complement(lineEnds);
    this.#ignoreCase = pattern.ignoreCase;
  }

  parse(): PatternNode {
    const tree = this.#choice();
    if (this.#at < this.#source.length) throw new UnsupportedPatternError("its syntax");
    return tree;
  }

  #choice(): PatternNode {
    const options = [this.#sequence()];
    while (this.#take("|")) options.push(this.#sequence());
    return options.length === 1 ? (options[0] as PatternNode) : { kind: "choice", options };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#peek())) {
      parts.push(this.#quantified(this.#atom()));
    }
    return { kind: "sequence", parts };
  }

  #quantified(body: PatternNode): PatternNode {
    const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(
      this.#source.slice(this.#at, this.#at + 24),
    );
    if (found === null) return body;
    this.#at += found[0].length;
    const sign = found[0][0];
    if (sign !== "{") {
      const maximum = sign === "?" ? 1 : Number.POSITIVE_INFINITY;
      return { kind: "repeat", body, minimum: sign === "+" ? 1 : 0, maximum };
    }
    const minimum = Number(found[1]);
    const open = found[3] === "" ? Number.POSITIVE_INFINITY : Number(found[3]);
    return { kind: "repeat", body, minimum, maximum: found[2] === "" ? minimum : open };
  }

  #atom(): PatternNode {
    const character = this.#next();
    switch (character) {
      case "(":
        return this.#group();
      case "[":
        return this.#characters(this.#characterClass());
      case ".":
        return this.#characters(this.#dot);
      case "^":
      case "$":
        return { kind: "boundary", word: false };
      case "\\":
        return this.#escape();
      default:
        return this.#characters(single(character.codePointAt(0) ?? 0));
    }
  }

  #group(): PatternNode {
    const opening = /^\?(?:[:=!]|<[=!]|<[^>]*>)/.exec(this.#source.slice(this.#at, this.#at + 80));
    if (opening === null && this.#peek() === "?") throw new UnsupportedPatternError("its groups");
    const sign = opening?.[0] ?? "";
    this.#at += sign.length;
    const body = this.#choice();
    if (!this.#take(")")) throw new UnsupportedPatternError("its groups");
    return /^\?<?[=!]$/.test(sign)
      ? { kind: "look", body, behind: sign.includes("<"), negative: sign.endsWith("!") }
      : body;
  }

  #escape(): PatternNode {
    const next = this.#peek();
    if (next === "b" || next === "B") {
      this.#at++;
      return { kind: "boundary", word: next === "b" };
    }
    if (/[1-9k]/.test(next)) throw new UnsupportedPatternError("a reference to an earlier group");
    return this.#characters(this.#escapedSet());
  }

  /** What a backslash means, inside of classes and outside. */
  #escapedSet(): CharacterSet {
    const character = this.#next();
    const known = classEscapes[character];
    if (known !== undefined) return known;
    if (character === "p" || character === "P") {
      this.#at = this.#source.indexOf("}", this.#at) + 1;
      return anyCharacter;
    }
    if (character === "c") return single((this.#next().codePointAt(0) ?? 0) % 32);
    const rest = this.#source.slice(this.#at, this.#at + 10);
    const hex = (
      character === "x" ? /^([0-9a-f]{2})/i : /^(?:([0-9a-f]{4})|\{([0-9a-f]+)\})/i
    ).exec(rest);
    if ((character === "x" || character === "u") && hex !== null) {
      this.#at += hex[0].length;
      return single(Number.parseInt(hex[1] ?? hex[2] ?? "0", 16));
    }
    return single(controlEscapes[character] ?? character.codePointAt(0) ?? 0);
  }

  #characterClass(): CharacterSet {
    const negative = this.#take("^");
    const ranges: (readonly [number, number])[] = [];
    while (!this.#take("]")) {
      const first = this.#classMember();
      const start = first[0]?.[0];
      const isOne = first.length === 1 && start === first[0]?.[1];
      if (isOne && this.#peek() === "-" && this.#source[this.#at + 1] !== "]") {
        this.#at++;
        ranges.push([start ?? 0, this.#classMember().at(-1)?.[1] ?? 0]);
      } else {
        ranges.push(...first);
      }
    }
    const set = characterSet(ranges);
    const cased = this.#ignoreCase ? ignoringCase(set) : set;
    return negative ? complement(cased) : cased;
  }

  #classMember(): CharacterSet {
    const character = this.#next();
    if (character !== "\\") return single(character.codePointAt(0) ?? 0);
    if (this.#take("b")) return single(8);
    return this.#escapedSet();
  }

  #characters(set: CharacterSet): PatternNode {
    return { kind: "characters", set: this.#ignoreCase ? ignoringCase(set) : set };
  }

  #peek(): string {
    return this.#source[this.#at] ?? "";
  }

  #next(): string {
    const code = this.#source.codePointAt(this.#at);
    if (code === undefined) throw new UnsupportedPatternError("its syntax");
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }
}

function single(code: number): CharacterSet {
  return [[code, code]];
}

/**
 * Parses a regular expression into a tree.
 *
 * @throws {UnsupportedPatternError} It uses references to groups, the flag `v`, or modifiers.
 */
export function parsePattern(pattern: RegExp): PatternNode {
  return new PatternParser(pattern).parse();
}
