import { expect, test, vi } from "vitest";
import { createCachedLookup, type Lookup } from "../src/delivery/cached-lookup.ts";

type LookupCallback = Parameters<Lookup>[1];

function scriptedLookup(): {
  readonly resolve: Lookup;
  readonly lookup: (hostname?: string) => ReturnType<typeof vi.fn<LookupCallback>>;
  readonly asked: { readonly hostname: string; readonly answer: LookupCallback }[];
  advance(ms: number): void;
} {
  let time = 1_000;
  const asked: { hostname: string; answer: LookupCallback }[] = [];
  const resolve: Lookup = (hostname, answer) => asked.push({ hostname, answer });
  const cached = createCachedLookup(resolve, () => time);
  return {
    resolve,
    asked,
    lookup(hostname = "agent.local") {
      const callback = vi.fn<LookupCallback>();
      cached(hostname, 4, callback);
      return callback;
    },
    advance(ms) {
      time += ms;
    },
  };
}
const failure = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });

test("an IP address is answered without asking", () => {
  const { lookup, asked } = scriptedLookup();

  expect(lookup("127.0.0.1")).toHaveBeenCalledExactlyOnceWith(null, "127.0.0.1", 4);
  expect(lookup("::1")).toHaveBeenCalledExactlyOnceWith(null, "::1", 6);
  expect(asked).toEqual([]);
});

test("those who ask at the same time share one look-up", () => {
  const { lookup, asked } = scriptedLookup();
  const first = lookup();
  const second = lookup();
  expect(asked.map(({ hostname }) => hostname)).toEqual(["agent.local"]);

  asked[0]?.answer(null, "10.0.0.1", 4);

  expect(first).toHaveBeenCalledExactlyOnceWith(null, "10.0.0.1", 4);
  expect(second).toHaveBeenCalledExactlyOnceWith(null, "10.0.0.1", 4);
});

test("an address is used for a minute, and then on until a newer one is there", () => {
  const { lookup, asked, advance } = scriptedLookup();
  lookup();
  asked[0]?.answer(null, "10.0.0.1", 4);

  advance(59_999);
  expect(lookup()).toHaveBeenCalledExactlyOnceWith(null, "10.0.0.1", 4);
  expect(asked).toHaveLength(1);
  advance(1);
  expect(lookup()).toHaveBeenCalledExactlyOnceWith(null, "10.0.0.1", 4);
  expect(asked).toHaveLength(2);
  asked[1]?.answer(null, "10.0.0.2", 4);

  expect(lookup()).toHaveBeenCalledExactlyOnceWith(null, "10.0.0.2", 4);
});

test("a known address survives a failing name service", () => {
  const { lookup, asked, advance } = scriptedLookup();
  lookup();
  asked[0]?.answer(null, "10.0.0.1", 4);
  advance(60_000);
  lookup();
  asked[1]?.answer(failure, "", 4);

  expect(lookup()).toHaveBeenCalledExactlyOnceWith(null, "10.0.0.1", 4);
});

test("a failure is answered for five seconds without asking again", () => {
  const { lookup, asked, advance } = scriptedLookup();
  const first = lookup();
  asked[0]?.answer(failure, "", 4);
  expect(first).toHaveBeenCalledExactlyOnceWith(failure, "", 4);

  advance(4_999);
  expect(lookup()).toHaveBeenCalledExactlyOnceWith(failure, "", 4);
  expect(asked).toHaveLength(1);
  advance(1);
  const later = lookup();
  asked[1]?.answer(null, "10.0.0.1", 4);

  expect(later).toHaveBeenCalledExactlyOnceWith(null, "10.0.0.1", 4);
});

test("at most 32 datagrams wait for an address, the others fail at once", () => {
  const { lookup, asked } = scriptedLookup();
  const waiting = Array.from({ length: 32 }, () => lookup());

  const refused = lookup();

  expect(refused).toHaveBeenCalledExactlyOnceWith(expect.any(Error), "", 4);
  for (const callback of waiting) expect(callback).not.toHaveBeenCalled();
  asked[0]?.answer(null, "10.0.0.1", 4);
  for (const callback of waiting) expect(callback).toHaveBeenCalledOnce();
});

test("an address of either family is answered with its family", () => {
  const { lookup, asked, advance } = scriptedLookup();
  lookup();
  asked[0]?.answer(null, "fd00::1", 6);
  expect(lookup()).toHaveBeenCalledExactlyOnceWith(null, "fd00::1", 6);

  advance(60_000);
  lookup();
  asked[1]?.answer(null, "10.0.0.1", 4);
  expect(lookup()).toHaveBeenCalledExactlyOnceWith(null, "10.0.0.1", 4);
});

test("the real name service is asked by default", async () => {
  const cached = createCachedLookup();

  const address = await new Promise((resolve) => {
    cached("localhost", 4, (_error, found) => resolve(found));
  });

  expect(address).toBe("127.0.0.1");
});
