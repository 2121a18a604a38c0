/**
 * An empty object with room for many properties.
 *
 * V8 keeps at most 12 properties that are written by a computed key outside of an object, or as many as it has room
 * for inside if that is more; with the next one the object becomes a dictionary, which takes four times as long to fill
 * and to read, and four times the memory (`TooManyFastProperties` in its `map.cc`). An object made by `{}` has room for
 * four, so that the seventeenth tag of a span would do it. How much room the objects of a constructor have follows from
 * the assignments in it, whether or not they are run, and from what the first few objects have used.
 */
class TagsWithRoom {
  [tag: string]: unknown;

  constructor(isSample: boolean) {
    if (!isSample) return;
    this["a"] = this["b"] = this["c"] = this["d"] = this["e"] = this["f"] = this["g"] = 0;
    this["h"] = this["i"] = this["j"] = this["k"] = this["l"] = this["m"] = this["n"] = 0;
    this["o"] = this["p"] = this["q"] = this["r"] = this["s"] = this["t"] = this["u"] = 0;
  }
}

/** V8 decides after seven objects, and takes away what none of those that are there has used. */
const samples = 8;

let hasRoom = false;

/** An empty object for the tags of a span that will have many of them. */
export function tagsWithRoom(): Record<string, unknown> {
  if (!hasRoom) {
    hasRoom = true;
    // Together, so that all of them are there when the last is made.
    Array.from({ length: samples }, () => new TagsWithRoom(true));
  }
  return new TagsWithRoom(false);
}
