import type { ChunkSplit } from "./scripted-reply.ts";

/** Splits a text at words, each piece with the white space before it. */
export function splitWords(text: string): string[] {
  return text.match(/\s*\S+|\s+/g) ?? [];
}

/** Splits a text into pieces of a given length, never inside a surrogate pair. */
export function splitEvery(text: string, length: number): string[] {
  const characters = Array.from(text);
  const pieces: string[] = [];
  for (let start = 0; start < characters.length; start += length) {
    pieces.push(characters.slice(start, start + length).join(""));
  }
  return pieces;
}

/** Splits a text into at most `count` pieces of nearly equal length. */
export function splitInto(text: string, count: number): string[] {
  const characters = Array.from(text);
  const parts = Math.min(count, characters.length);
  return Array.from({ length: parts }, (_, index) => {
    const start = Math.floor((index * characters.length) / parts);
    const end = Math.floor(((index + 1) * characters.length) / parts);
    return characters.slice(start, end).join("");
  });
}

/**
 * Splits a text the way a reply asks for. Pieces that do not add up to the text are an error of the
 * script: a silent difference would make a test compare against something never sent.
 *
 * @throws TypeError when the pieces do not add up to the text.
 */
export function splitText(
  text: string,
  split: ChunkSplit | undefined,
  fallback: (text: string) => string[],
): readonly string[] {
  if (split === undefined) return fallback(text);
  if (typeof split === "number") return splitInto(text, split);
  const pieces = typeof split === "function" ? split(text) : split;
  if (!Array.isArray(pieces) || pieces.join("") !== text) {
    throw new TypeError("The chunks of a scripted reply must add up to its text.");
  }
  return pieces.filter((piece) => piece !== "");
}
