const revoked = Proxy.revocable({}, {});
revoked.revoke();
const revokedList = Proxy.revocable([], {});
revokedList.revoke();
const cycle: Record<string, unknown> = {};
cycle["self"] = cycle;

/** Values that break code which trusts its callers. */
export const hostileValues: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  12n,
  Symbol("hidden"),
  "",
  "text",
  "\uD800",
  () => "called",
  class Thing {},
  [],
  [1, [2, [3]]],
  {},
  Object.create(null),
  cycle,
  new Date(Number.NaN),
  new Map([["a", 1]]),
  new Set([1]),
  new Error("plain"),
  Promise.resolve(1),
  new Uint8Array(4),
  /pattern/,
  JSON.parse('{"__proto__": {"polluted": true}}'),
  Object.defineProperty({}, "getter", {
    enumerable: true,
    get() {
      throw new Error("getter");
    },
  }),
  {
    toString() {
      throw new Error("toString");
    },
    toJSON() {
      throw new Error("toJSON");
    },
  },
  new Proxy(
    {},
    {
      get() {
        throw new Error("get trap");
      },
      ownKeys() {
        throw new Error("ownKeys trap");
      },
      getPrototypeOf() {
        throw new Error("getPrototypeOf trap");
      },
    },
  ),
  revoked.proxy,
  revokedList.proxy,
];

/** A short name for a hostile value, which may refuse to have one. */
export function nameOf(value: unknown): string {
  try {
    return `${typeof value} ${Object.prototype.toString.call(value)}`;
  } catch {
    return `${typeof value} (unreadable)`;
  }
}
