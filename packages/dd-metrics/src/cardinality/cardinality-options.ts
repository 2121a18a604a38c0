import { type OptionPath, refused } from "@llmdevops/dd-core/options";
import { checkedSwitch } from "../recording-options.ts";

/** How many series metrics may become; every one of them is paid for. */
export interface CardinalityOptions {
  /**
   * Most different values of one tag, over all metrics, within an hour, 1 to 10000; further ones become `other`.
   * @default 100
   */
  readonly maxValuesPerTag?: number;
  /** Most series of one metric within an hour, 1 to 100000; the tags of further ones become `other`. @default 1000 */
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
  pathOf: OptionPath = (name) => name,
): ResolvedCardinalityOptions {
  const { maxValuesPerTag = 100, maxSeriesPerMetric = 1_000 } = options;
  const { blockedTags = [], allowedTags = [], enabled = true } = options;
  const path = (name: keyof CardinalityOptions) => pathOf(`cardinality.${name}`);
  return {
    maxValuesPerTag: checkedLimit(path("maxValuesPerTag"), maxValuesPerTag, mostValues),
    maxSeriesPerMetric: checkedLimit(path("maxSeriesPerMetric"), maxSeriesPerMetric, mostSeries),
    blockedTags: checkedList(path("blockedTags"), blockedTags),
    allowedTags: checkedList(path("allowedTags"), allowedTags),
    enabled: checkedSwitch(enabled, path("enabled")),
  };
}

function checkedLimit(option: string, given: number, maximum: number): number {
  if (Number.isInteger(given) && given >= 1 && given <= maximum) return given;
  throw refused({ option, expected: `a whole number from 1 to ${maximum}`, given });
}

function checkedList(option: string, given: readonly string[]): readonly string[] {
  if (Array.isArray(given) && given.every((item) => typeof item === "string")) return [...given];
  throw refused({ option, expected: "a list of tag keys", given });
}
