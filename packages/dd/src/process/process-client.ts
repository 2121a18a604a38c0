import type { DatadogAPMClient } from "../client.ts";

/** The client of this process, as every copy of the package finds it. */
interface ProcessClient {
  readonly client: DatadogAPMClient;
  /** Whether `register` has made it, rather than code. */
  readonly isRegistered: boolean;
  /** Stops its metrics about itself, so that only one client reports on the dd-trace that they share. */
  readonly retire: () => void;
}

/** The number is the version of the shape that is kept here. */
const key = Symbol.for("@llmdevops/dd/1/process-client");

/** The client that was built last and is not shut down, or nothing. */
export function processClient(): DatadogAPMClient | undefined {
  return current()?.client;
}

/** Makes a new client that of the process; one that `register` has made leaves the reporting to it. */
export function rememberClient(client: DatadogAPMClient, retire: () => void): void {
  const before = current();
  if (before?.isRegistered === true) before.retire();
  keep({ client, retire, isRegistered: false });
}

/** Notes that the client was made from the environment alone. */
export function markRegistered(client: DatadogAPMClient): void {
  const now = current();
  if (now?.client === client) keep({ ...now, isRegistered: true });
}

/** Lets go of a client that is shut down. */
export function forgetClient(client: DatadogAPMClient): void {
  if (current()?.client === client) keep(undefined);
}

function current(): ProcessClient | undefined {
  const kept: unknown = Reflect.get(globalThis, key);
  return kept === undefined ? undefined : (kept as ProcessClient);
}

function keep(value: ProcessClient | undefined): void {
  Reflect.set(globalThis, key, value);
}
