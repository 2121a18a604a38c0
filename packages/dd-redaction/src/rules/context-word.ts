/** Longest word before a number that is looked at, with what may stand between. */
const contextLength = 40;
const maximumGap = 8;

/** Last two letters of every word below; most words before a number have others. */
const endings = new Set("ne le ll el ax pp ms er um no nr sn ty is".split(" "));

const phoneWord =
  /(?:phone|mobile|cell|telephone|\btel|\bfax|whatsapp|\bsms)(?:[ _-]?(?:number|num|no|nr))?(?: is)?[\s"'\\:=.#(+]{0,8}$/i;
const socialSecurityWord =
  /(?:\bssn|social[ _-]?security)(?:[ _-]?(?:number|num|no|nr))?(?: is)?[\s"'\\:=.#]{0,8}$/i;

/** What the words before a number say that it is. */
export type NumberContext = "phone" | "ssn" | undefined;

/** Looks at the words directly before the number that begins at `start`. */
export function contextBefore(text: string, start: number): NumberContext {
  let end = start;
  while (end > 0 && start - end < maximumGap && isGap(text.charCodeAt(end - 1))) end--;
  if (end < 2 || !endings.has(text.slice(end - 2, end).toLowerCase())) return undefined;
  const before = text.slice(Math.max(0, start - contextLength), start);
  if (phoneWord.test(before)) return "phone";
  return socialSecurityWord.test(before) ? "ssn" : undefined;
}

/** White space, quotes, backslash and `:=.#(+`. */
function isGap(code: number): boolean {
  switch (code) {
    case 9:
    case 10:
    case 13:
    case 32:
    case 34:
    case 35:
    case 39:
    case 40:
    case 43:
    case 46:
    case 58:
    case 61:
    case 92:
      return true;
    default:
      return false;
  }
}
