import { MsgpackError } from "./msgpack-error.ts";
import { type MsgpackKind, msgpackKind } from "./msgpack-kind.ts";
import { StringCache } from "./string-cache.ts";

const maximumDepth = 64;

/** One for all documents: what repeats, repeats across them. */
const strings = new StringCache();

/**
 * Reads one MessagePack document value by value, so that the caller's schema decides what may come next.
 *
 * A general decoder would turn `5.0` and `5` into the same number; the Agent refuses the first where
 * an integer belongs, so the difference has to survive. Every read is bounds-checked: a length that
 * promises more than the bytes that are left fails before anything is allocated.
 */
export class MsgpackReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes that are left. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** The kind of the next value, without reading it. */
  peek(): MsgpackKind {
    const kind = msgpackKind(this.#head());
    if (kind === undefined)
      throw new MsgpackError(`invalid type byte 0xc1 at byte ${this.#offset}`);
    return kind;
  }

  /** Reads a nil when one is next; says whether it did. */
  skipNil(): boolean {
    if (this.peek() !== "nil") return false;
    this.#offset += 1;
    return true;
  }

  /** Fails unless a map comes next. */
  expectMap(): void {
    this.#expect("map");
  }

  /** Fails unless the document ends here. */
  expectEnd(): void {
    if (this.remaining === 0) return;
    throw new MsgpackError(`${this.remaining} bytes after the end, at byte ${this.#offset}`);
  }

  readBoolean(): boolean {
    this.#expect("boolean");
    return this.#take(1)[0] === 0xc3;
  }

  /** Reads an integer of any width, exactly. */
  readInteger(): bigint {
    this.#expect("integer");
    const start = this.#offset;
    const head = this.#head();
    if (head <= 0x7f || head >= 0xe0) {
      this.#offset += 1;
      return BigInt(head <= 0x7f ? head : head - 0x100);
    }
    const width = 1 << ((head - 0xcc) % 4);
    const value = this.#take(1 + width);
    switch (head) {
      case 0xcc:
        return BigInt(value.readUInt8(1));
      case 0xcd:
        return BigInt(value.readUInt16BE(1));
      case 0xce:
        return BigInt(value.readUInt32BE(1));
      case 0xcf:
        return value.readBigUInt64BE(1);
      case 0xd0:
        return BigInt(value.readInt8(1));
      case 0xd1:
        return BigInt(value.readInt16BE(1));
      case 0xd2:
        return BigInt(value.readInt32BE(1));
      case 0xd3:
        return value.readBigInt64BE(1);
      default:
        throw new MsgpackError(`invalid integer at byte ${start}`);
    }
  }

  /** Reads an integer that is not negative, as ids are. */
  readUnsigned(): bigint {
    const start = this.#offset;
    const value = this.readInteger();
    if (value < 0n) throw new MsgpackError(`expected an id, found ${value} at byte ${start}`);
    return value;
  }

  /** Reads an integer or a float as a JavaScript number. */
  readNumber(): number {
    const kind = this.peek();
    if (kind === "integer") return Number(this.readInteger());
    if (kind !== "float") throw this.#unexpected("number", kind);
    const double = this.#head() === 0xcb;
    const value = this.#take(double ? 9 : 5);
    return double ? value.readDoubleBE(1) : value.readFloatBE(1);
  }

  /** Reads a string; invalid UTF-8 becomes U+FFFD, as in the Agent. */
  readString(): string {
    this.#expect("string");
    const head = this.#head();
    const start = this.#skipString(head);
    return strings.read(this.#bytes, start, this.#offset);
  }

  /** Reads a byte string, as a view of the document. */
  readBinary(): Buffer {
    this.#expect("binary");
    return this.#takeSized(1 << (this.#head() - 0xc4));
  }

  /** Reads the head of an array and returns its number of elements. */
  readArrayHeader(): number {
    this.#expect("array");
    return this.#readCount(0x90, 0xdc, 1);
  }

  /** Reads the head of a map and returns its number of pairs. */
  readMapHeader(): number {
    this.#expect("map");
    return this.#readCount(0x80, 0xde, 2);
  }

  /**
   * Reads whatever comes next into plain JavaScript values; integers that a number cannot hold stay bigint.
   *
   * @param depth How deep in arrays and maps this value is; more than 64 levels are refused.
   */
  readValue(depth = 0): unknown {
    if (depth > maximumDepth) {
      throw new MsgpackError(`nested deeper than ${maximumDepth} levels at byte ${this.#offset}`);
    }
    const kind = this.peek();
    switch (kind) {
      case "nil":
        this.#offset += 1;
        return null;
      case "boolean":
        return this.readBoolean();
      case "integer": {
        const integer = this.readInteger();
        const number = Number(integer);
        return Number.isSafeInteger(number) ? number : integer;
      }
      case "float":
        return this.readNumber();
      case "string":
        return this.readString();
      case "binary":
        return Buffer.from(this.readBinary());
      case "array":
        return this.#readArray(depth);
      case "map":
        return this.#readMap(depth);
      case "extension":
        return this.#readExtension();
    }
  }

  /** Passes over whatever comes next, however deep, without building it. */
  skipValue(): void {
    for (let values = 1; values > 0; values -= 1) {
      const kind = this.peek();
      if (kind === "array") values += this.readArrayHeader();
      else if (kind === "map") values += this.readMapHeader() * 2;
      else if (kind === "string") this.#skipString(this.#head());
      else this.readValue();
    }
  }

  #readArray(depth: number): unknown[] {
    const count = this.readArrayHeader();
    const values: unknown[] = [];
    for (let index = 0; index < count; index += 1) values.push(this.readValue(depth + 1));
    return values;
  }

  #readMap(depth: number): Record<string, unknown> {
    const count = this.readMapHeader();
    const entries: [string, unknown][] = [];
    for (let index = 0; index < count; index += 1) {
      const key = this.peek() === "integer" ? String(this.readInteger()) : this.readString();
      entries.push([key, this.readValue(depth + 1)]);
    }
    // fromEntries defines own properties, so a key "__proto__" stays data.
    return Object.fromEntries(entries);
  }

  #readExtension(): Buffer {
    const head = this.#head();
    if (head >= 0xd4) return Buffer.from(this.#take(2 + (1 << (head - 0xd4))).subarray(2));
    const sizeBytes = 1 << (head - 0xc7);
    const size = this.#take(1 + sizeBytes).readUIntBE(1, sizeBytes);
    return Buffer.from(this.#take(1 + size).subarray(1));
  }

  #readCount(fixBase: number, wideHead: number, bytesPerElement: number): number {
    const start = this.#offset;
    const head = this.#head();
    let count: number;
    if (head < 0xc0) {
      this.#offset += 1;
      count = head - fixBase;
    } else {
      const sizeBytes = head === wideHead ? 2 : 4;
      count = this.#take(1 + sizeBytes).readUIntBE(1, sizeBytes);
    }
    if (count * bytesPerElement > this.remaining) {
      throw new MsgpackError(
        `truncated: ${count} elements promised at byte ${start}, ${this.remaining} bytes left`,
      );
    }
    return count;
  }

  /** Passes over a string and returns where its bytes begin. */
  #skipString(head: number): number {
    let length = head - 0xa0;
    if (head <= 0xbf) this.#offset += 1;
    else {
      const sizeBytes = 1 << (head - 0xd9);
      length = this.#take(1 + sizeBytes).readUIntBE(1, sizeBytes);
    }
    this.#need(length);
    const start = this.#offset;
    this.#offset += length;
    return start;
  }

  #takeSized(sizeBytes: number): Buffer {
    return this.#take(this.#take(1 + sizeBytes).readUIntBE(1, sizeBytes));
  }

  #need(length: number): void {
    if (length <= this.remaining) return;
    throw new MsgpackError(
      `truncated: ${length} bytes needed at byte ${this.#offset}, ${this.remaining} left`,
    );
  }

  #take(length: number): Buffer {
    this.#need(length);
    const start = this.#offset;
    this.#offset += length;
    return this.#bytes.subarray(start, this.#offset);
  }

  #head(): number {
    const head = this.#bytes[this.#offset];
    if (head === undefined) {
      throw new MsgpackError(`truncated: the document ends at byte ${this.#offset}`);
    }
    return head;
  }

  #expect(expected: MsgpackKind): void {
    const found = this.peek();
    if (found !== expected) throw this.#unexpected(expected, found);
  }

  #unexpected(expected: string, found: MsgpackKind): MsgpackError {
    return new MsgpackError(`expected ${expected}, found ${found} at byte ${this.#offset}`);
  }
}
