/** Writes MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md), as much of it as trace payloads need. */
export class MsgpackWriter {
  #buffer: Buffer = Buffer.allocUnsafe(4_096);
  #length = 0;

  /** What was written so far; it may be kept, the writer does not touch it again after `bytes`. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  arrayHeader(length: number): void {
    this.#header(0xdd, length);
  }

  mapHeader(size: number): void {
    this.#header(0xdf, size);
  }

  string(text: string): void {
    const size = Buffer.byteLength(text);
    this.#header(0xdb, size);
    this.#reserve(size);
    this.#length += this.#buffer.write(text, this.#length);
  }

  /** A whole number of 64 bits; negative ones are written as signed. */
  integer(value: bigint): void {
    this.#reserve(9);
    this.#buffer[this.#length] = value < 0n ? 0xd3 : 0xcf;
    if (value < 0n) this.#buffer.writeBigInt64BE(BigInt.asIntN(64, value), this.#length + 1);
    else this.#buffer.writeBigUInt64BE(BigInt.asUintN(64, value), this.#length + 1);
    this.#length += 9;
  }

  float(value: number): void {
    this.#reserve(9);
    this.#buffer[this.#length] = 0xcb;
    this.#buffer.writeDoubleBE(value, this.#length + 1);
    this.#length += 9;
  }

  #header(type: number, size: number): void {
    this.#reserve(5);
    this.#buffer[this.#length] = type;
    this.#buffer.writeUInt32BE(size, this.#length + 1);
    this.#length += 5;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + size));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
