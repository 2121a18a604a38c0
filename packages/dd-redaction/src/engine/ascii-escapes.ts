const asciiEscape = /\\u00([2-7][0-9a-fA-F])/g;

/** Whether a text holds `\u` escapes of printable ASCII characters, which nothing needs. */
export function hasAsciiEscapes(text: string): boolean {
  const first = text.indexOf("\\u00");
  if (first === -1) return false;
  asciiEscape.lastIndex = first;
  return asciiEscape.test(text);
}

/** Decodes them, except quotes and backslashes, which would change the structure of JSON. */
export function decodeAsciiEscapes(text: string): string {
  return text.replace(asciiEscape, (whole, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return character === '"' || character === "\\" || character === "\u007f" ? whole : character;
  });
}
