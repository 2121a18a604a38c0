import { ConfigurationError } from "@llmdevops/dd-core";

/** How many series metrics may become; every one of them is paid for. */
export interface CardinalityOptions {
  /** Most different values of one tag, over all metrics, within an hour; further ones become `other`. @default 100 */
  readonly maxValuesPerTag?: number;
  /** Most series of one metric within an hour; the tags of further ones become `other`. @default 1000 */
  readonly maxSeriesPerMetric?: number;
  /** Keys of tags that are left out, besides those of identifiers (`user_id`, `sessionId`, `request.uuid`). @default [] */
  readonly blockedTags?: readonly string[];
  /** Keys of tags that are neither blocked nor limited. @default [] */
  readonly allowedTags?: readonly string[];
  /** `false` turns the protection off. @default true */
  readonly enabled?: boolean;
}

/** The options with their defaults. */
export type ResolvedCardinalityOptions = Required<CardinalityOptions>;

const mostValues = 10_000;
const mostSeries = 100_000;

/**
 * Checks the options.
 *
 * @throws {ConfigurationError} When a limit is no whole number in its range, or a list holds anything but text.
 */
export function resolveCardinalityOptions(
  options: CardinalityOptions = {},
): ResolvedCardinalityOptions {
  return {
    maxValuesPerTag: checkedLimit("maxValuesPerTag", options.maxValuesPerTag ?? 100, mostValues),
    maxSeriesPerMetric: checkedLimit(
      "maxSeriesPerMetric",
      options.maxSeriesPerMetric ?? 1_000,
      mostSeries,
    ),
    blockedTags: checkedList("blockedTags", options.blockedTags ?? []),
    allowedTags: checkedList("allowedTags", options.allowedTags ?? []),
    enabled: options.enabled ?? true,
  };
}

function checkedLimit(name: string, value: number, maximum: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= maximum) return value;
  throw new ConfigurationError(
    `The option cardinality.${name} must be a whole number from 1 to ${maximum}, not ${value}.`,
  );
}

function checkedList(name: string, value: readonly string[]): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return [...value];
  throw new ConfigurationError(`The option cardinality.${name} must be a list of tag keys.`);
}
