import { crc32 } from "node:zlib";

const preludeBytes = 8;
const checksumBytes = 4;
const stringType = 7;

function encodeHeader(name: string, value: string): Buffer {
  const nameBytes = Buffer.from(name);
  const valueBytes = Buffer.from(value);
  const header = Buffer.alloc(1 + nameBytes.length + 3 + valueBytes.length);
  header.writeUInt8(nameBytes.length, 0);
  nameBytes.copy(header, 1);
  header.writeUInt8(stringType, 1 + nameBytes.length);
  header.writeUInt16BE(valueBytes.length, 2 + nameBytes.length);
  valueBytes.copy(header, 4 + nameBytes.length);
  return header;
}

/**
 * Writes one message of an Amazon event stream: lengths, their checksum, headers, payload, and the
 * checksum of all of it.
 *
 * Source: https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function eventStreamMessage(
  headers: Readonly<Record<string, string>>,
  payload: string,
): Uint8Array {
  const headerBytes = Buffer.concat(
    Object.entries(headers).map(([name, value]) => encodeHeader(name, value)),
  );
  const payloadBytes = Buffer.from(payload);
  const start = preludeBytes + checksumBytes;
  const total = start + headerBytes.length + payloadBytes.length + checksumBytes;
  const message = Buffer.alloc(total);
  message.writeUInt32BE(total, 0);
  message.writeUInt32BE(headerBytes.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, preludeBytes)), preludeBytes);
  headerBytes.copy(message, start);
  payloadBytes.copy(message, start + headerBytes.length);
  message.writeUInt32BE(crc32(message.subarray(0, total - checksumBytes)), total - checksumBytes);
  return message;
}
