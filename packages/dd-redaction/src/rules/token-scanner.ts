import { hasJoiner, hasUpperCase } from "../detection/character-features.ts";
import { isTokenStart, tokenEnd } from "../detection/characters.ts";
import { addMatch } from "../detection/match-list.ts";
import type { RuleIndex, Scanner } from "../detection/scanner.ts";
import { type TokenShape, tokenShapes } from "./token-shape.ts";

interface ActiveShape extends TokenShape {
  readonly index: number;
}

/**
 * Credentials with a fixed prefix: one search for all prefixes, then one sticky test of what
 * follows. Returns undefined when every such rule is off.
 */
export function createTokenScanner(ruleIndex: RuleIndex): Scanner | undefined {
  const shapes: ActiveShape[] = tokenShapes
    .map((shape) => ({ ...shape, index: ruleIndex(shape.rule) }))
    .filter((shape) => shape.index >= 0);
  if (shapes.length === 0) return undefined;
  const prefixPattern = new RegExp(
    shapes.map(({ prefix }) => prefix.replace(/[.-]/g, "\\$&")).join("|"),
    "g",
  );
  return {
    needs: hasJoiner | hasUpperCase,
    minimumLength: 16,
    scan(text, matches) {
      let jsonWebTokenEnd = 0;
      prefixPattern.lastIndex = 0;
      for (let found = prefixPattern.exec(text); found; found = prefixPattern.exec(text)) {
        const start = found.index;
        if (!isTokenStart(text, start)) continue;
        if (text.startsWith("eyJ", start)) {
          // Looked up once per run of token characters: `-eyJ-eyJ-eyJ…` stays linear.
          if (start >= jsonWebTokenEnd) jsonWebTokenEnd = tokenEnd(text, start);
          if (text.charCodeAt(jsonWebTokenEnd) !== 46) continue;
        }
        const match = matchShape(shapes, text, start);
        if (match === undefined) continue;
        addMatch(matches, start, match.end, match.rule);
        prefixPattern.lastIndex = match.end;
      }
    },
  };
}

/** The first shape that fits; several share a prefix (`sk-`, `sk-ant-`). */
function matchShape(
  shapes: readonly ActiveShape[],
  text: string,
  start: number,
): { readonly end: number; readonly rule: number } | undefined {
  for (const { prefix, body, index } of shapes) {
    if (!text.startsWith(prefix, start)) continue;
    body.lastIndex = start + prefix.length;
    if (body.test(text)) return { end: body.lastIndex, rule: index };
  }
  return undefined;
}
