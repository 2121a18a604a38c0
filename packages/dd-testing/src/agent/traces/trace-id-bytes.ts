import { MsgpackError } from "../msgpack/msgpack-error.ts";

const traceIdBytes = 16;

/** A trace id of 16 bytes: the low half, and the high half in 16 hex digits. */
export function traceIdOf(bytes: Buffer): { low: bigint; high: string } {
  if (bytes.length !== traceIdBytes) {
    throw new MsgpackError(`a trace id has ${bytes.length} bytes instead of ${traceIdBytes}`);
  }
  return { low: bytes.readBigUInt64BE(8), high: bytes.toString("hex", 0, 8) };
}
