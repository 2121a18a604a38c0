/** Encodes plain values as MessagePack, choosing among the widths that the format allows. */
export function encode(value: unknown, wide = false): Buffer {
  if (value === null) return Buffer.from([0xc0]);
  if (typeof value === "boolean") return Buffer.from([value ? 0xc3 : 0xc2]);
  if (typeof value === "number") {
    if (!wide && Number.isInteger(value) && value >= 0 && value <= 127) return Buffer.from([value]);
    const bytes = Buffer.alloc(9);
    bytes[0] = 0xcb;
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (typeof value === "string") {
    const text = Buffer.from(value);
    return Buffer.concat([header(text.length, wide, 0xa0, 31, 0xd9, 0xda, 0xdb), text]);
  }
  if (Buffer.isBuffer(value)) {
    const length = Buffer.alloc(5);
    length[0] = 0xc6;
    length.writeUInt32BE(value.length, 1);
    return Buffer.concat([length, value]);
  }
  if (Array.isArray(value)) {
    const first = header(value.length, wide, 0x90, 15, undefined, 0xdc, 0xdd);
    return Buffer.concat([first, ...value.map((item) => encode(item, wide))]);
  }
  const entries = Object.entries(value as object).flat();
  const first = header(entries.length / 2, wide, 0x80, 15, undefined, 0xde, 0xdf);
  return Buffer.concat([first, ...entries.map((item) => encode(item, wide))]);
}

function header(
  length: number,
  wide: boolean,
  fixed: number,
  mostFixed: number,
  type8: number | undefined,
  type16: number,
  type32: number,
): Buffer {
  if (!wide && length <= mostFixed) return Buffer.from([fixed | length]);
  if (!wide && type8 !== undefined && length < 256) return Buffer.from([type8, length]);
  if (!wide && length < 65_536) return Buffer.from([type16, length >> 8, length & 0xff]);
  const bytes = Buffer.alloc(5);
  bytes[0] = type32;
  bytes.writeUInt32BE(length, 1);
  return bytes;
}
