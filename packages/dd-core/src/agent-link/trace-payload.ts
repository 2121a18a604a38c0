/** MessagePack, as far as it is needed to find the end of a value (https://github.com/msgpack/msgpack/blob/master/spec.md). */
const fixedSizes: Readonly<Record<number, number>> = {
  192: 1,
  194: 1,
  195: 1,
  202: 5,
  203: 9,
  204: 2,
  205: 3,
  206: 5,
  207: 9,
  208: 2,
  209: 3,
  210: 5,
  211: 9,
};

/** Where the elements of an array begin, and how many there are. */
function arrayAt(body: Buffer, offset: number): { first: number; length: number } | undefined {
  const type = body[offset];
  if (type === undefined) return undefined;
  if (type >= 0x90 && type <= 0x9f) return { first: offset + 1, length: type & 0x0f };
  if (type === 0xdc && offset + 3 <= body.length) {
    return { first: offset + 3, length: body.readUInt16BE(offset + 1) };
  }
  if (type === 0xdd && offset + 5 <= body.length) {
    return { first: offset + 5, length: body.readUInt32BE(offset + 1) };
  }
  return undefined;
}

/** The offset after one value, or -1 where the bytes are not MessagePack; iterative, so depth costs no stack. */
function skipValue(body: Buffer, start: number): number {
  let offset = start;
  let remaining = 1;
  while (remaining > 0) {
    const type = body[offset];
    if (type === undefined) return -1;
    remaining -= 1;
    if (type <= 0x7f || type >= 0xe0) offset += 1;
    else if (type <= 0x8f) [offset, remaining] = [offset + 1, remaining + 2 * (type & 0x0f)];
    else if (type <= 0x9f) [offset, remaining] = [offset + 1, remaining + (type & 0x0f)];
    else if (type <= 0xbf) offset += 1 + (type & 0x1f);
    else if (fixedSizes[type] !== undefined) offset += fixedSizes[type];
    else {
      const sized = sizedValue(body, offset, type);
      if (sized === undefined) return -1;
      offset += sized.bytes;
      remaining += sized.values;
    }
    if (offset > body.length) return -1;
  }
  return offset;
}

/** Values that say their length: how many bytes belong to them, and how many values follow inside. */
function sizedValue(
  body: Buffer,
  offset: number,
  type: number,
): { bytes: number; values: number } | undefined {
  const width = lengthWidths[type];
  if (width === undefined || offset + 1 + width > body.length) return undefined;
  const length = body.readUIntBE(offset + 1, width);
  if (type >= 0xde) return { bytes: 1 + width, values: 2 * length };
  if (type >= 0xdc) return { bytes: 1 + width, values: length };
  return { bytes: 1 + width + length, values: 0 };
}

/** Bytes of the length field: bin 8–32, str 8–32, array 16–32, map 16–32. */
const lengthWidths: Readonly<Record<number, number>> = {
  196: 1,
  197: 2,
  198: 4,
  217: 1,
  218: 2,
  219: 4,
  220: 2,
  221: 4,
  222: 2,
  223: 4,
};

/** What is left of a trace payload, and how much went. */
export interface RemainingTraces {
  readonly body: Buffer;
  readonly traces: number;
  readonly spansDropped: number;
}

/**
 * Takes the oldest traces off a v0.4 payload, an array of traces that are arrays of spans.
 *
 * @param excessSpans Spans that have to go; whole traces go until at least so many are gone.
 * @param excessBytes Bytes that have to go.
 * @returns `undefined` when nothing would be left, or the bytes are not such a payload.
 */
export function dropOldestTraces(
  body: Buffer,
  excessSpans: number,
  excessBytes: number,
): RemainingTraces | undefined {
  const traces = arrayAt(body, 0);
  if (traces === undefined) return undefined;
  let offset = traces.first;
  let spansGone = 0;
  let tracesGone = 0;
  while (tracesGone < traces.length) {
    if (spansGone >= excessSpans && offset - traces.first >= excessBytes) break;
    const trace = arrayAt(body, offset);
    if (trace === undefined) return undefined;
    offset = skipValue(body, offset);
    if (offset === -1) return undefined;
    spansGone += trace.length;
    tracesGone += 1;
  }
  const left = traces.length - tracesGone;
  if (left === 0) return undefined;
  const header = Buffer.alloc(5);
  header[0] = 0xdd;
  header.writeUInt32BE(left, 1);
  return {
    body: Buffer.concat([header, body.subarray(offset)]),
    traces: left,
    spansDropped: spansGone,
  };
}
