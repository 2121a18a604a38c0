import { sha256 } from "./sha-256.ts";

const blockLength = 64;
/** 64 bits: enough to join equal values, too short to be worth storing as a fingerprint. */
const hashBytes = 8;

/**
 * Returns a function that maps a text to 16 hexadecimal digits: the first 64 bits of HMAC-SHA-256
 * (RFC 2104) under `key`.
 */
export function createKeyedHash(key: string | Uint8Array): (text: string) => string {
  const encoder = new TextEncoder();
  const keyBytes = typeof key === "string" ? encoder.encode(key) : key;
  const block = new Uint8Array(blockLength);
  block.set(keyBytes.length > blockLength ? sha256(keyBytes) : keyBytes);
  const inner = block.map((byte) => byte ^ 0x36);
  const outer = block.map((byte) => byte ^ 0x5c);
  return (text) => {
    const digest = sha256(concatenate(outer, sha256(concatenate(inner, encoder.encode(text)))));
    let hash = "";
    for (let index = 0; index < hashBytes; index++) {
      hash += (digest[index] as number).toString(16).padStart(2, "0");
    }
    return hash;
  };
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
