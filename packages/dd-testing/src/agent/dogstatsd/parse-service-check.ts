import { DogstatsdMessageError, parseInteger, parseTags, quote } from "./message-fields.ts";

/** One DogStatsD service check. */
export interface ReceivedServiceCheck {
  /** Name of the check, such as `app.is_ok`. */
  readonly name: string;
  /** 0 OK, 1 warning, 2 critical, 3 unknown. */
  readonly status: 0 | 1 | 2 | 3;
  /** `d:` field, Unix seconds. */
  readonly timestamp?: number;
  /** Host that the sender named; absent when it named none. */
  readonly hostname?: string;
  /** What the sender says about the status. */
  readonly message?: string;
  /** `key:value` strings. */
  readonly tags: readonly string[];
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const headLength = "_sc|".length;

const statuses = new Map<string, 0 | 1 | 2 | 3>([
  ["0", 0],
  ["1", 1],
  ["2", 2],
  ["3", 3],
]);

/**
 * Parses `_sc|name|status[|field…]` by the rules of the Agent: the last of a repeated field wins, a bad
 * optional field is ignored.
 *
 * Source: the DogStatsD protocol and `comp/dogstatsd/server/parse_service_checks.go`.
 *
 * @throws DogstatsdMessageError for a message the Agent refuses.
 */
export function parseServiceCheck(message: string): ReceivedServiceCheck {
  // The Agent counts the separators and drops the first four bytes, without looking at the fourth.
  const isCheck = message.split("|", 3).length === 3;
  const [name = "", rawStatus = "", ...fields] = message.slice(headLength).split("|");
  const status = statuses.get(rawStatus);
  if (!isCheck || name === "" || status === undefined) {
    throw new DogstatsdMessageError(`invalid service check ${quote(message)}`);
  }
  const check: Mutable<ReceivedServiceCheck> = { name, status, tags: [] };
  for (const field of fields) applyField(check, field);
  return check;
}

function applyField(check: Mutable<ReceivedServiceCheck>, field: string): void {
  const value = field.slice(2);
  if (field.startsWith("#")) check.tags = parseTags(field.slice(1));
  else if (field.startsWith("h:")) check.hostname = value;
  else if (field.startsWith("m:")) check.message = value;
  else if (field.startsWith("d:")) {
    try {
      check.timestamp = parseInteger(value);
    } catch {
      // The Agent logs a bad optional field and keeps the check.
    }
  }
}
