import { asciiTable, isDigit, isIn } from "../detection/characters.ts";

const word = asciiTable(/[\w@%/+-]/);
const joint = asciiTable(/[.:=\s(]/);

/**
 * Whether what stands next to a replaced range could only now be a match of its own, because the
 * letter or digit before it is gone. Then the result is searched once more.
 */
export function isOpenSeam(text: string, start: number, end: number): boolean {
  if (start > 0 && isWord(text.charCodeAt(start - 1))) return true;
  if (end >= text.length) return false;
  const next = text.charCodeAt(end);
  if (isWord(next)) return true;
  if (!isIn(joint, next)) return false;
  // `…@example.com.123`, `4111 1111 1111 1111 415-555-2671`: digits go on behind a joint.
  for (let index = end + 1; index < end + 4 && index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isDigit(code)) return true;
    if (!isIn(joint, code)) return false;
  }
  return false;
}

function isWord(code: number): boolean {
  return code >= 128 || isIn(word, code);
}
