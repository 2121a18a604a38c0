/**
 * What takes the place of a match: its label, stars that keep the last four characters, or a keyed
 * hash that keeps equal values joinable.
 */
export type ReplacementStyle = "label" | "mask" | "hash";

/** Stars of a mask; a fixed number, so that the length of the secret does not show. */
const maskedStars = 8;
const keptCharacters = 4;
/** Shorter values are masked whole: four characters of them would be most of the value. */
const minimumMaskedLength = 8;

/** Stars, then the last four letters or digits. */
export function mask(secret: string): string {
  const stars = "*".repeat(maskedStars);
  const kept = secret.slice(-64).replace(/[^\p{L}\p{N}]/gu, "");
  const characters = Array.from(kept);
  return characters.length < minimumMaskedLength
    ? stars
    : stars + characters.slice(-keptCharacters).join("");
}

/** `[EMAIL_REDACTED]` with a hash becomes `[EMAIL:1f3a…]`. */
export function hashLabel(label: string, hash: string): string {
  return `${label.replace(/(?:_REDACTED)?\]$/, "")}:${hash}]`;
}
