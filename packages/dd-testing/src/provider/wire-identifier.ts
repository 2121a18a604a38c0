/**
 * Makes an identifier of a provider's shape from a request number, so that two runs of a test see
 * the same ones.
 */
export function wireIdentifier(prefix: string, sequence: number, part = 0): string {
  return `${prefix}${sequence.toString().padStart(12, "0")}${part.toString().padStart(4, "0")}`;
}
