import { hasJoiner, hasUpperCase } from "../detection/character-features.ts";
import { isTokenStart, tokenEnd } from "../detection/characters.ts";
import { addMatch } from "../detection/match-list.ts";
import type { RuleIndex, Scanner } from "../detection/scanner.ts";
import { escapePattern } from "../engine/label-pattern.ts";
import { type TokenShape, tokenShapes } from "./token-shape.ts";
import { vendorTokenShapes } from "./vendor-token-shape.ts";

interface ActiveShape extends TokenShape {
  readonly index: number;
  /** The rest as a sticky pattern. */
  readonly tail: RegExp;
}

/**
 * Credentials with a fixed prefix: one search for all prefixes, then one sticky test of what
 * follows. Returns undefined when every such rule is off.
 */
export function createTokenScanner(ruleIndex: RuleIndex): Scanner | undefined {
  const shapes = [...tokenShapes, ...vendorTokenShapes]
    .map((shape) => ({
      ...shape,
      index: ruleIndex(shape.rule),
      tail: new RegExp(shape.rest.source, "y"),
    }))
    .filter(({ index }) => index >= 0);
  if (shapes.length === 0) return undefined;
  const pattern = anchorPattern(Map.groupBy(shapes, ({ anchor }) => anchor));
  const byEnding = Map.groupBy(shapes, ({ stem, anchor }) => stem.slice(-1) + anchor);
  return {
    needs: hasJoiner | hasUpperCase,
    minimumLength: 16,
    scan(text, matches) {
      let jsonWebTokenEnd = 0;
      pattern.lastIndex = 0;
      while (pattern.test(text)) {
        const anchorEnd = pattern.lastIndex;
        const anchor = text[anchorEnd - 1] ?? "";
        if (anchor === "J") {
          // Looked up once per run of token characters: `-eyJ-eyJ-eyJ…` stays linear.
          if (anchorEnd >= jsonWebTokenEnd) jsonWebTokenEnd = tokenEnd(text, anchorEnd);
          if (text.charCodeAt(jsonWebTokenEnd) !== 46) continue;
        }
        const ending = text.slice(Math.max(0, anchorEnd - 2), anchorEnd);
        const found =
          matchShape(byEnding.get(ending), text, anchorEnd) ??
          matchShape(byEnding.get(anchor), text, anchorEnd);
        if (found === undefined) continue;
        addMatch(matches, found.start, found.end, found.rule);
        pattern.lastIndex = found.end;
      }
    },
  };
}

interface FoundToken {
  readonly start: number;
  readonly end: number;
  readonly rule: number;
}

function matchShape(
  shapes: readonly ActiveShape[] = [],
  text: string,
  anchorEnd: number,
): FoundToken | undefined {
  for (const { stem, lead, tail, index, anywhere } of shapes) {
    const start = anchorEnd - 1 - (lead?.length ?? stem.length);
    if (start < 0 || !(anywhere || isTokenStart(text, start))) continue;
    const begins =
      lead === undefined
        ? text.startsWith(stem, start)
        : lead.pattern.test(text.slice(start, anchorEnd - 1));
    if (!begins) continue;
    tail.lastIndex = anchorEnd;
    if (tail.test(text)) return { start, end: tail.lastIndex, rule: index };
  }
  return undefined;
}

/**
 * A pattern for the anchors, each with a look behind for its stem or a look ahead for what begins
 * the rest. V8 skips to a single class of characters many times faster than to alternated words.
 */
function anchorPattern(byAnchor: ReadonlyMap<string, readonly TokenShape[]>): RegExp {
  const alternatives = [...byAnchor].map(([anchor, shapes]) => {
    const escaped = escapePattern(anchor);
    const stems = new Set(shapes.map(({ stem }) => stem).filter((stem) => stem !== ""));
    const conditions = shapes.flatMap(({ lead }) =>
      lead === undefined ? [] : [`(?=${lead.ahead})`],
    );
    const ahead = aheadOf[anchor];
    if (ahead !== undefined) conditions.push(ahead);
    else if (stems.size > 0) conditions.push(`(?<=(?:${endingIn(stems)})${escaped})`);
    return `${escaped}${nextTo[anchor] ?? ""}(?:${[...new Set(conditions)].join("|")})`;
  });
  return new RegExp(alternatives.join("|"), "g");
}

/** The stems by their last characters, which a look behind comes to first: one test settles most of them. */
function endingIn(stems: ReadonlySet<string>): string {
  const byLast = Map.groupBy(stems, (stem) => stem.slice(-1));
  return [...byLast]
    .map(([last, all]) => {
      const beginnings = all.map((stem) => escapePattern(stem.slice(0, -1)));
      return `(?:${beginnings.join("|")})${escapePattern(last)}`;
    })
    .join("|");
}

/** Settles most full stops at once: they end a sentence. */
const nextTo: Readonly<Record<string, string>> = { ".": "(?=[\\w-])" };

/** Keeps anchors that are letters from stopping the search at every such letter. */
const aheadOf: Readonly<Record<string, string>> = {
  A: "(?=KIA|SIA|BIA|CCA|BSK|Iza|TATT3|TCTT3|TBB|KCp)",
  E: "(?=Z[AT]K)",
  G: "(?=\\.)",
  L: "(?=TAI)",
  S: "(?=K[0-9a-f]{8})",
};
