import { recordsOf, textAt } from "../formats/unknown-record.ts";

/**
 * The failure that a tool or an agent tells of in its answer. The words are its answer's, so they are recorded only
 * where that is.
 *
 * @param answer A text, or parts of which the first text counts.
 * @param isShown Whether answers are recorded in words.
 * @param otherwise What is said in their place.
 */
export function toldError(
  answer: unknown,
  isShown: boolean,
  name: string,
  otherwise = "The tool has failed.",
): Error {
  const parts = Array.isArray(answer) ? recordsOf(answer) : [];
  const first = parts.map((part) => textAt(part, "text")).find((text) => text !== undefined);
  const text = typeof answer === "string" && answer !== "" ? answer : first;
  const error = new Error(isShown ? (text ?? otherwise) : otherwise);
  error.name = name;
  return error;
}
