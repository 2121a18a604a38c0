const maximumNodes = 2_000;
/** Decimal digits for each hexadecimal one. */
const digitsPerHexadecimal = Math.log10(16);

/**
 * Estimates the size of a value as JSON text (characters): after 2,000 values the rest is left out, and an
 * object that is met again counts once. Bytes count one each. Never throws, and takes the time of 2,000 values,
 * and of listing the keys of an object where that has more.
 *
 * @example
 * ```ts
 * estimateSize({ query: "refunds" }); // 20
 * ```
 */
export function estimateSize(value: unknown): number {
  if (typeof value !== "object" || value === null) return scalarSize(value);
  const queue: unknown[] = [value];
  const seen = new SeenObjects();
  let size = 0;
  for (let index = 0; index < queue.length; index += 1) {
    const current = queue[index];
    if (typeof current !== "object" || current === null) size += scalarSize(current);
    else if (seen.isNew(current)) {
      try {
        size += containerSize(current, queue);
      } catch {
        // A proxy refused; what was read so far counts.
      }
    }
  }
  return size;
}

/** Most values hold a few objects, for which a set would take longer than all else. */
const fewObjects = 8;

class SeenObjects {
  readonly #few: object[] = [];
  #all: Set<object> | undefined;

  /** Whether an object is met for the first time. */
  isNew(object: object): boolean {
    if (this.#all === undefined) {
      if (this.#few.includes(object)) return false;
      if (this.#few.push(object) > fewObjects) this.#all = new Set(this.#few);
      return true;
    }
    const { size } = this.#all;
    return this.#all.add(object).size > size;
  }
}

function scalarSize(value: unknown): number {
  switch (typeof value) {
    case "string":
      return value.length + 2;
    case "number":
    case "boolean":
      return String(value).length;
    case "bigint":
      // In a radix that is a power of two the text of a huge number is made in linear time.
      return Math.ceil(value.toString(16).length * digitsPerHexadecimal);
    case "object":
      return 4;
    default:
      return 0;
  }
}

function containerSize(container: object, queue: unknown[]): number {
  if (ArrayBuffer.isView(container) || container instanceof ArrayBuffer) {
    return container.byteLength;
  }
  if (container instanceof Date) return 26;
  if (Array.isArray(container)) return elementsSize(container, queue);
  if (container instanceof Set) return elementsSize(container.values(), queue);
  if (container instanceof Map) return elementsSize(mapEntries(container), queue);
  let size = 2;
  for (const key of Object.keys(container)) {
    if (queue.length >= maximumNodes) break;
    size += key.length + 4;
    queue.push(property(container, key));
  }
  return size;
}

function elementsSize(elements: Iterable<unknown>, queue: unknown[]): number {
  let size = 2;
  for (const element of elements) {
    if (queue.length >= maximumNodes) break;
    size += 1;
    queue.push(element);
  }
  return size;
}

function* mapEntries(map: ReadonlyMap<unknown, unknown>): Generator<unknown> {
  for (const [key, value] of map) {
    yield key;
    yield value;
  }
}

function property(container: object, key: string): unknown {
  try {
    return Reflect.get(container, key);
  } catch {
    return undefined;
  }
}
