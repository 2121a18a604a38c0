import { MsgpackError } from "../msgpack/msgpack-error.ts";
import type { MsgpackReader } from "../msgpack/msgpack-reader.ts";

/** Types of an attribute's value. */
const attributeTypes = {
  text: 1,
  boolean: 2,
  double: 3,
  integer: 4,
  bytes: 5,
  list: 6,
  map: 7,
} as const;

/** Reads a map whose keys are numbers; a nil counts as absent. */
export function readFieldsV1(reader: MsgpackReader, readField: (key: number) => void): void {
  const count = reader.readMapHeader();
  for (let index = 0; index < count; index += 1) {
    const key = Number(reader.readUnsigned());
    if (!reader.skipNil()) readField(key);
  }
}

/** The texts of a v1.0 payload: each is written where it is first needed, and named by number after. */
export class StringTableV1 {
  readonly #reader: MsgpackReader;
  readonly #texts: string[] = [""];

  constructor(reader: MsgpackReader) {
    this.#reader = reader;
  }

  /** Reads a text, or the number of one that came before. */
  read(): string {
    if (this.#reader.peek() === "string") {
      const text = this.#reader.readString();
      this.#texts.push(text);
      return text;
    }
    const index = this.#reader.readUnsigned();
    const text = this.#texts[Number(index)];
    if (text !== undefined) return text;
    throw new MsgpackError(`text ${index} is outside the table of ${this.#texts.length}`);
  }

  /**
   * Reads attributes: key, type and value of each in one array. Booleans become 1 or 0, as in `metrics`;
   * bytes, lists and maps become text.
   */
  readAttributes(take: (key: string, value: string | number) => void): void {
    const reader = this.#reader;
    const length = reader.readArrayHeader();
    if (length % 3 !== 0)
      throw new MsgpackError(`${length} elements are no keys, types and values`);
    for (let index = 0; index < length; index += 3) {
      const key = this.read();
      const value = this.#readValue(0);
      take(key, typeof value === "object" ? JSON.stringify(value) : value);
    }
  }

  #readValue(depth: number): string | number | object {
    const reader = this.#reader;
    if (depth > 16) throw new MsgpackError("an attribute nests deeper than 16 levels");
    const type = Number(reader.readInteger());
    switch (type) {
      case attributeTypes.text:
        return this.read();
      case attributeTypes.boolean:
        return reader.readBoolean() ? 1 : 0;
      case attributeTypes.double:
        return reader.readNumber();
      case attributeTypes.integer:
        return Number(reader.readInteger());
      case attributeTypes.bytes:
        return reader.readBinary().toString("base64");
      case attributeTypes.list:
        return this.#readList(depth);
      case attributeTypes.map: {
        const entries: [string, unknown][] = [];
        const length = reader.readArrayHeader();
        for (let index = 0; index < length; index += 3) {
          entries.push([this.read(), this.#readValue(depth + 1)]);
        }
        return Object.fromEntries(entries);
      }
      default:
        throw new MsgpackError(`an attribute has the unknown type ${type}`);
    }
  }

  #readList(depth: number): unknown[] {
    const values: unknown[] = [];
    const length = this.#reader.readArrayHeader();
    for (let index = 0; index < length; index += 2) values.push(this.#readValue(depth + 1));
    return values;
  }
}
