let kept: readonly object[] = [];

/**
 * Keeps what the last call was made of, and with it the hidden classes of such objects: where no object of a class is
 * alive, a collection takes the class and all code that was compiled for it, and thousands of calls after it cost twice
 * as much (docs/decisions/2026-11-21-the-cost-of-a-model-call.md).
 *
 * @returns How many objects are kept.
 */
export function keepShapesOf(...objects: readonly object[]): number {
  kept = objects;
  return kept.length;
}
