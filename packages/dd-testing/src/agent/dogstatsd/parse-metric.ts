import {
  DogstatsdMessageError,
  parseFloat64,
  parseInteger,
  parseTags,
  quote,
} from "./message-fields.ts";

/** `c` count, `g` gauge, `ms` timing, `h` histogram, `d` distribution, `s` set. */
export type MetricType = "c" | "g" | "ms" | "h" | "d" | "s";

/** One DogStatsD metric message as parsed, before any aggregation. */
export interface ReceivedMetric {
  /** Name as sent, such as `llm.request.count`. */
  readonly name: string;
  /**
   * Type letters of the protocol: `c` count, `g` gauge, `ms` timing, `h` histogram, `d` distribution, `s`
   * set.
   */
  readonly type: MetricType;
  /** The packed values; a set has exactly one, and it is a string. */
  readonly values: readonly (number | string)[];
  /** `key:value` strings. */
  readonly tags: readonly string[];
  /** `@` field, 1 when absent. */
  readonly sampleRate: number;
  /** `T` field, Unix seconds. */
  readonly timestamp?: number;
  /** `c:` field: container id, `ci-…` or `in-…`. */
  readonly localData?: string;
  /** `e:` field. */
  readonly externalData?: string;
  /** `card:` field. */
  readonly cardinality?: string;
}

const metricTypes: readonly string[] = ["c", "g", "ms", "h", "d", "s"];

/**
 * Parses `name:value[:value…]|type[|field…]` by the rules of the Agent.
 *
 * Fields come in any order, the last of a kind wins, unknown ones are ignored; a bad sample rate or
 * timestamp refuses the whole message. Names are not checked here, as the Agent does not either.
 *
 * Source: the DogStatsD protocol 1.0–1.6 and `comp/dogstatsd/server/parse_metrics.go`.
 *
 * @throws DogstatsdMessageError for a message the Agent refuses.
 */
export function parseMetric(message: string): ReceivedMetric {
  const [nameAndValue = "", type = "", ...fields] = message.split("|");
  const colon = nameAndValue.indexOf(":");
  if (colon === -1) throw new DogstatsdMessageError(`no value in ${quote(message)}`);
  const name = nameAndValue.slice(0, colon);
  const rawValue = nameAndValue.slice(colon + 1);
  if (name === "" || rawValue === "") {
    throw new DogstatsdMessageError(`empty name or value in ${quote(message)}`);
  }
  if (!isMetricType(type)) {
    throw new DogstatsdMessageError(`unknown metric type ${quote(type)} in ${quote(message)}`);
  }
  const values = type === "s" ? [rawValue] : parseValues(rawValue);
  return { name, type, values, ...parseFields(fields) };
}

function isMetricType(type: string): type is MetricType {
  return metricTypes.includes(type);
}

function parseValues(rawValue: string): number[] {
  const values = rawValue
    .split(":")
    .filter((text) => text !== "")
    .map(parseFloat64);
  if (values.length === 0) throw new DogstatsdMessageError(`no value in ${quote(rawValue)}`);
  return values;
}

function parseFields(fields: readonly string[]): Omit<ReceivedMetric, "name" | "type" | "values"> {
  let tags: string[] = [];
  let sampleRate = 1;
  const optional: {
    timestamp?: number;
    localData?: string;
    externalData?: string;
    cardinality?: string;
  } = {};
  for (const field of fields) {
    if (field.startsWith("#")) tags = parseTags(field.slice(1));
    else if (field.startsWith("@")) sampleRate = parseFloat64(field.slice(1));
    else if (field.startsWith("T")) optional.timestamp = parseTimestamp(field.slice(1));
    else if (field.startsWith("c:")) optional.localData = field.slice(2);
    else if (field.startsWith("e:")) optional.externalData = field.slice(2);
    else if (field.startsWith("card:")) optional.cardinality = field.slice(5);
  }
  return { tags, sampleRate, ...optional };
}

function parseTimestamp(text: string): number {
  const timestamp = parseInteger(text);
  if (timestamp < 1) throw new DogstatsdMessageError(`timestamp ${timestamp} is not above 0`);
  return timestamp;
}
