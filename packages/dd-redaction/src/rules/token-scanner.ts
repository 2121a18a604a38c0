import { hasJoiner, hasUpperCase } from "../detection/character-features.ts";
import { isTokenStart, tokenEnd } from "../detection/characters.ts";
import { addMatch } from "../detection/match-list.ts";
import type { RuleIndex, Scanner } from "../detection/scanner.ts";
import { escapePattern } from "../engine/label-pattern.ts";
import { type TokenShape, tokenShapes } from "./token-shape.ts";

interface ActiveShape extends TokenShape {
  readonly index: number;
  /** The rest as a sticky pattern. */
  readonly tail: RegExp;
}

/** Entra secrets have no fixed start: three characters and a digit stand before `Q~`. */
const entraLead = 4;

/**
 * Credentials with a fixed prefix: one search for all prefixes, then one sticky test of what
 * follows. Returns undefined when every such rule is off.
 */
export function createTokenScanner(ruleIndex: RuleIndex): Scanner | undefined {
  const shapes = tokenShapes
    .map((shape) => ({
      ...shape,
      index: ruleIndex(shape.rule),
      tail: new RegExp(shape.rest.source, "y"),
    }))
    .filter(({ index }) => index >= 0);
  if (shapes.length === 0) return undefined;
  const byAnchor = new Map<string, ActiveShape[]>();
  for (const shape of shapes) {
    byAnchor.set(shape.anchor, [...(byAnchor.get(shape.anchor) ?? []), shape]);
  }
  const pattern = anchorPattern(byAnchor);
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
        const found = matchShape(byAnchor.get(anchor) ?? [], text, anchorEnd);
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
  shapes: readonly ActiveShape[],
  text: string,
  anchorEnd: number,
): FoundToken | undefined {
  for (const { stem, anchor, tail, index, anywhere } of shapes) {
    const lead = anchor === "Q" ? entraLead : stem.length;
    const start = anchorEnd - 1 - lead;
    if (start < 0 || !(anywhere || isTokenStart(text, start))) continue;
    if (anchor === "Q" ? !isEntraLead(text, start) : !text.startsWith(stem, start)) continue;
    tail.lastIndex = anchorEnd;
    if (tail.test(text)) return { start, end: tail.lastIndex, rule: index };
  }
  return undefined;
}

function isEntraLead(text: string, start: number): boolean {
  return /^[\w.~-]{3}\d$/.test(text.slice(start, start + entraLead));
}

/**
 * A pattern for the anchors, each with a look behind for its stem and a look ahead for what begins
 * the rest. V8 skips to a single class of characters many times faster than to alternated words.
 */
function anchorPattern(byAnchor: ReadonlyMap<string, readonly TokenShape[]>): RegExp {
  const alternatives = [...byAnchor].map(([anchor, shapes]) => {
    const stems = [...new Set(shapes.map(({ stem }) => escapePattern(stem)))];
    const behind = stems.includes("") ? "" : `(?<=(?:${stems.join("|")})${escapePattern(anchor)})`;
    return `${escapePattern(anchor)}${behind}${aheadOf[anchor] ?? ""}`;
  });
  return new RegExp(alternatives.join("|"), "g");
}

/** Keeps anchors that are letters from stopping the search at every such letter. */
const aheadOf: Readonly<Record<string, string>> = {
  A: "(?=KIA|SIA|Iza)",
  G: "(?=\\.)",
  Q: "(?=~)",
};
