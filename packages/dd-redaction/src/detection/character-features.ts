/** The text holds `@`. */
export const hasAt = 1;
/** The text holds `:` or `=`. */
export const hasPairSign = 2;
/** The text holds white space. */
export const hasSpace = 4;
/** The text holds `-`, `_` or `.`. */
export const hasJoiner = 8;
/** The text holds at least four digits. */
export const hasDigits = 16;
/** The text holds at least seven digits. */
export const hasManyDigits = 32;
/** The text holds an upper-case ASCII letter. */
export const hasUpperCase = 64;
/** The text holds `%` or a backslash. */
export const hasEscape = 128;
/** What a scanner asks for that must see every text. */
export const always = 512;

const digitBit = 1024;

const featureOfCode = createTable();

function createTable(): Uint16Array {
  const table = new Uint16Array(128);
  for (let code = 48; code <= 57; code++) table[code] = digitBit;
  for (let code = 65; code <= 90; code++) table[code] = hasUpperCase;
  for (const space of [9, 10, 11, 12, 13, 32]) table[space] = hasSpace;
  for (const [characters, feature] of [
    ["@", hasAt],
    [":=", hasPairSign],
    ["-_.", hasJoiner],
    ["%\\", hasEscape],
  ] as const) {
    for (const character of characters) table[character.charCodeAt(0)] = feature;
  }
  return table;
}

/** Collects which features a short text has; cheaper than starting any search on it. */
export function characterFeatures(text: string): number {
  let features = always;
  let digits = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 128) continue;
    const feature = featureOfCode[code] as number;
    if (feature === digitBit) digits++;
    else features |= feature;
  }
  if (digits >= 4) features |= hasDigits;
  if (digits >= 7) features |= hasManyDigits;
  return features;
}
