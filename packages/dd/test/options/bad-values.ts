/** A secret that every rule set knows by its shape. */
export const secret = "sk-ant-api03-0123456789abcdefghijABCDEFGHIJ-example";
/** A password that only its place gives away. */
export const password = "hunter2hunter2";

const fail = (): never => {
  throw new TypeError(secret);
};

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Everything that an option without a type checker may be, by what it is. */
export const badValues: Readonly<Record<string, unknown>> = {
  null: null,
  true: true,
  false: false,
  "empty text": "",
  "blank text": "  ",
  "a word": "text",
  "a secret": secret,
  "an address with a password": `http://ada:${password}@127.0.0.1:1/`,
  "a huge text": "x".repeat(100_000),
  zero: 0,
  five: 5,
  "a negative number": -1,
  "half a number": 0.5,
  NaN: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  "a huge number": 1e308,
  "a bigint": 5n,
  "a symbol": Symbol(secret),
  "a function": () => secret,
  "an empty list": [],
  "a list of numbers": [5],
  "a list with a secret": [secret],
  "an empty object": {},
  "a frozen object": Object.freeze({ [secret]: secret }),
  "a proxy that throws": new Proxy(
    {},
    { get: fail, ownKeys: fail, getPrototypeOf: fail, has: fail, getOwnPropertyDescriptor: fail },
  ),
  "a revoked proxy": revoked(),
  "an object that is no text": { toString: fail, [Symbol.toPrimitive]: fail },
  "an object with a getter that throws": Object.defineProperty({}, "enabled", {
    get: fail,
    enumerable: true,
  }),
};
