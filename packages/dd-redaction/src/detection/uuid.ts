import { isAlphanumeric } from "./characters.ts";

/** The text form of RFC 9562, section 4. */
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/iy;
const uuidLength = 36;
const hyphen = 45;
/** Where its five groups begin. */
const groupOffsets = [0, 9, 14, 19, 24] as const;

/**
 * Whether a number that begins at `start` is part of a UUID: groups of a random one can look like a phone number or
 * a bank account, as in `00608582-2527-4da4-b6ee-ec71bd2e89fb`.
 */
export function isWithinUuid(text: string, start: number): boolean {
  for (const offset of groupOffsets) {
    const from = start - offset;
    if (from < 0) return false;
    if (text.charCodeAt(from + 8) !== hyphen || text.charCodeAt(from + 23) !== hyphen) continue;
    uuid.lastIndex = from;
    if (!uuid.test(text)) continue;
    const end = from + uuidLength;
    return !isAlphanumeric(text.charCodeAt(from - 1)) && !isAlphanumeric(text.charCodeAt(end));
  }
  return false;
}

/** Whether a text is a UUID and nothing else. */
export function isUuid(text: string): boolean {
  if (text.length !== uuidLength) return false;
  uuid.lastIndex = 0;
  return uuid.test(text);
}
