/** Settings of `startProviderServer`. */
export interface ProviderServerOptions {
  /** TCP port on the loopback interface; 0 lets the system choose. @default 0 */
  readonly port?: number;
  /** Lets the process end although nobody stopped the server. @default false */
  readonly unref?: boolean;
  /** What a request gets that no reply is scripted for. @default "echo" */
  readonly onUnscripted?: "echo" | "error";
  /** Requests remembered, the newest; older ones are forgotten. @default 10000 */
  readonly maxRequests?: number;
  /** Bytes remembered of all requests together, as an estimate. @default 67108864 */
  readonly maxLogBytes?: number;
  /** Bytes of one request body; a larger one is answered with status 413. @default 33554432 */
  readonly maxBodyBytes?: number;
  /** Clock in milliseconds since the epoch, for `created` fields. @default Date.now */
  readonly now?: () => number;
}

/** Settings with every default decided. */
export type ResolvedProviderOptions = Required<ProviderServerOptions>;

const defaults: ResolvedProviderOptions = {
  port: 0,
  unref: false,
  onUnscripted: "echo",
  maxRequests: 10_000,
  maxLogBytes: 64 * 1024 * 1024,
  maxBodyBytes: 32 * 1024 * 1024,
  now: Date.now,
};

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  port: [0, 65_535],
  maxRequests: [1, 10_000_000],
  maxLogBytes: [1024, Number.MAX_SAFE_INTEGER],
  maxBodyBytes: [1, Number.MAX_SAFE_INTEGER],
};

function checkOption(name: string, value: unknown): void {
  if (!Object.hasOwn(defaults, name)) {
    throw new TypeError(`startProviderServer: unknown option ${name}`);
  }
  const type = typeof defaults[name as keyof ResolvedProviderOptions];
  if (typeof value !== type) {
    throw new TypeError(`startProviderServer: ${name} must be of type ${type}`);
  }
  const [least, most] = ranges[name] ?? [0, 0];
  if (type === "number" && !(Number.isInteger(value) && inRange(Number(value), least, most))) {
    throw new RangeError(
      `startProviderServer: ${name} must be a whole number from ${least} to ${most}`,
    );
  }
  if (name === "onUnscripted" && value !== "echo" && value !== "error") {
    throw new TypeError('startProviderServer: onUnscripted must be "echo" or "error"');
  }
}

function inRange(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

/**
 * Fills in the defaults and checks every option.
 *
 * @throws TypeError for an unknown option or a value of the wrong kind.
 * @throws RangeError for a number that is out of range.
 */
export function resolveProviderOptions(options: ProviderServerOptions): ResolvedProviderOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) checkOption(name, value);
  return { ...defaults, ...Object.fromEntries(given) };
}
