/** A fault of the embedded Agent by its name alone, with the defaults of that fault. */
export type FailName =
  | "refuse"
  | "reset"
  | "stall"
  | "slow"
  | "half-close"
  | "garbage"
  | "wrong-content-length";

/**
 * A fault of the embedded Agent: a name, a status, or an object with the details.
 *
 * - `503`, `429` or `{ mode: "status", status, retryAfterSeconds? }`: answers that status with
 *   `Retry-After` (1 second by default) and takes no data.
 * - `"refuse"`: closes the HTTP and DogStatsD ports; connections are refused, datagrams lost.
 * - `"reset"`: resets the connection when a request arrives; takes no data.
 * - `"stall"` or `{ mode: "stall", ms }`: takes the data and answers nothing for `ms`, by default until
 *   healed or stopped.
 * - `"slow"` or `{ mode: "slow", ms }`: takes the data; the answer trickles in over `ms` (1000 by default).
 * - `"half-close"`: takes the data, then ends the connection without an answer.
 * - `"garbage"`: takes the data, then answers bytes that are no HTTP.
 * - `"wrong-content-length"`: takes the data; the answer promises more bytes than it has, then ends.
 */
export type FailMode = number | FailName | FailDetails;

/** A fault with its details. */
export type FailDetails =
  | {
      /** Answers a status and takes no data. */
      readonly mode: "status";
      /** HTTP status, 400–599. */
      readonly status: number;
      /**
       * Value of the `Retry-After` header in seconds; `null` leaves the header out.
       * @default 1
       */
      readonly retryAfterSeconds?: number | null;
    }
  | {
      /** Takes the data and answers late, or slowly. */
      readonly mode: "stall" | "slow";
      /** How long (ms). @default for `stall` until healed or stopped, for `slow` 1000 */
      readonly ms?: number;
    }
  | {
      /** A fault without details. */
      readonly mode: Exclude<FailName, "stall" | "slow">;
    };

/** Where and how often a fault applies. */
export interface FailOptions {
  /**
   * Applies the fault to requests whose path starts with one of these; all requests by default. Not
   * for `"refuse"`, which comes before there is a path.
   */
  readonly paths?: readonly string[];
  /** Heals by itself after so many requests; not for `"refuse"`. */
  readonly times?: number;
}

/** A fault with every default filled in. */
export type Fault =
  | { readonly mode: "status"; readonly status: number; readonly retryAfterSeconds: number | null }
  | { readonly mode: "stall" | "slow"; readonly ms: number }
  | { readonly mode: "refuse" | "reset" | "half-close" | "garbage" | "wrong-content-length" };

const plainModes: readonly string[] = [
  "refuse",
  "reset",
  "half-close",
  "garbage",
  "wrong-content-length",
];

/**
 * Fills in the defaults of a fault.
 *
 * @throws TypeError for a mode that does not exist, or paths or times for `refuse`; a test that sets them
 *   would otherwise prove nothing.
 * @throws RangeError for a status outside 400–599, a negative time or a number of times below 1.
 */
export function resolveFault(mode: FailMode, options: FailOptions = {}): Fault {
  checkOptions(options);
  const fault = resolveMode(mode);
  if (fault.mode === "refuse" && (options.paths !== undefined || options.times !== undefined)) {
    throw new TypeError("fail: refuse takes no paths and no times, there is no request to count");
  }
  return fault;
}

function resolveMode(mode: FailMode): Fault {
  if (typeof mode === "number") return statusFault(mode, 1);
  const details: FailDetails = typeof mode === "string" ? { mode } : mode;
  if (typeof details !== "object" || details === null) throw unknownMode(mode);
  if (details.mode === "status") {
    return statusFault(
      details.status,
      details.retryAfterSeconds === undefined ? 1 : details.retryAfterSeconds,
    );
  }
  if (details.mode === "stall" || details.mode === "slow") {
    const ms = details.ms ?? (details.mode === "stall" ? Number.POSITIVE_INFINITY : 1000);
    if (!(ms >= 0)) throw new RangeError(`fail: ms must be at least 0, not ${ms}`);
    return { mode: details.mode, ms };
  }
  if (plainModes.includes(details.mode)) return { mode: details.mode };
  throw unknownMode(mode);
}

function unknownMode(mode: unknown): TypeError {
  return new TypeError(`fail: unknown mode ${JSON.stringify(mode)}`);
}

function checkOptions({ paths, times }: FailOptions): void {
  if (
    paths !== undefined &&
    !(Array.isArray(paths) && paths.every((path) => typeof path === "string"))
  ) {
    throw new TypeError("fail: paths must be an array of strings");
  }
  if (times !== undefined && !(Number.isInteger(times) && times > 0)) {
    throw new RangeError(`fail: times must be a whole number above 0, not ${times}`);
  }
}

function statusFault(status: number, retryAfterSeconds: number | null): Fault {
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw new RangeError(`fail: status must be a whole number from 400 to 599, not ${status}`);
  }
  return { mode: "status", status, retryAfterSeconds };
}
