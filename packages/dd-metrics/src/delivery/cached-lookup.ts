import { lookup } from "node:dns";
import { isIP } from "node:net";

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string,
  family: number,
) => void;

/** Resolves a host name, as `dns.lookup` does. */
export type Lookup = (hostname: string, callback: LookupCallback) => void;

/** A look-up for sockets that knows whether it has an address. */
export interface CachedLookup {
  (hostname: string, options: unknown, callback: LookupCallback): void;
  /** The address with which the name is answered at once. */
  known(hostname: string): string | undefined;
}

const freshMs = 60_000;
const retryMs = 5_000;
const maximumWaiting = 32;

/** IPv4 where a host has both, as the Agent listens on IPv4 by default. */
const resolveByName: Lookup = (hostname, callback) =>
  lookup(hostname, { order: "ipv4first" }, callback);

/**
 * Remembers the address of the Agent's host, so that a datagram does not cost one of the few threads that
 * resolve names, and a broken name service does not block the application's own look-ups. An address that was
 * found once stays in use while a newer one cannot be found.
 *
 * @param resolve Asked at most once at a time, at most every 5 seconds.
 * @param now A clock (ms).
 */
export function createCachedLookup(
  resolve: Lookup = resolveByName,
  now: () => number = () => performance.now(),
): CachedLookup {
  let address: string | undefined;
  let failure: NodeJS.ErrnoException | null = null;
  let askAgainAt = Number.NEGATIVE_INFINITY;
  let waiting: LookupCallback[] | undefined;

  const answer = (callback: LookupCallback): void => {
    if (address === undefined) callback(failure, "", 4);
    else callback(null, address, isIP(address));
  };
  const ask = (hostname: string): void => {
    waiting = [];
    resolve(hostname, (error, found) => {
      if (error === null) address = found;
      failure = error;
      askAgainAt = now() + (error === null ? freshMs : retryMs);
      const callbacks = waiting ?? [];
      waiting = undefined;
      for (const callback of callbacks) answer(callback);
    });
  };

  const find = (hostname: string, _options: unknown, callback: LookupCallback): void => {
    const version = isIP(hostname);
    // A socket also asks for the wildcard address that it binds to.
    if (version !== 0) {
      callback(null, hostname, version);
      return;
    }
    if (waiting === undefined && now() >= askAgainAt) ask(hostname);
    if (waiting === undefined || address !== undefined) answer(callback);
    else if (waiting.length < maximumWaiting) waiting.push(callback);
    else callback(new Error(`Too many datagrams wait for the address of ${hostname}.`), "", 4);
  };
  return Object.assign(find, {
    known: (hostname: string) => (isIP(hostname) === 0 ? address : hostname),
  });
}
