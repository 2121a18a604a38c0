import type { Diagnostics, TagGuard } from "@llmdevops/dd-core";
import type { EventOptions } from "./event-options.ts";
import { epochSeconds } from "./metric-settings.ts";
import { cutToBytes } from "./text-limits.ts";

/** Together with fields and tags an event then fits the Agent's buffer of 8,192 bytes. */
const maximumTitleBytes = 500;
const maximumTextBytes = 5_500;
const maximumFieldBytes = 200;
const alertTypes: readonly unknown[] = ["error", "warning", "info", "success"];
const priorities: readonly unknown[] = ["normal", "low"];

/**
 * Writes an event in DogStatsD's form, without tags, every text guarded
 * (https://docs.datadoghq.com/developers/dogstatsd/datagram_shell/?tab=events).
 *
 * hot-shots 17 counts the characters of title and text where the protocol wants UTF-8 bytes, so that the Agent
 * garbles or refuses whatever is not ASCII. Hence events are written here.
 *
 * @returns `undefined` when there is no title, which the Agent would refuse.
 */
export function eventMessage(
  title: string,
  options: EventOptions,
  guard: TagGuard,
  diagnostics: Diagnostics,
): string | undefined {
  const written = (text: unknown, maximumBytes: number): string => {
    const whole = escapeLines(guard.text(String(text), "metrics"));
    const cut = cutToBytes(whole, maximumBytes);
    if (cut !== whole) diagnostics.count("event_cut");
    return cut;
  };
  const field = (letter: string, value: unknown): string =>
    value === undefined || value === ""
      ? ""
      : `|${letter}:${written(value, maximumFieldBytes).replaceAll("|", "_")}`;
  const choice = (letter: string, value: unknown, allowed: readonly unknown[]): string => {
    if (allowed.includes(value)) return `|${letter}:${value}`;
    if (value !== undefined) diagnostics.count("event_field_invalid");
    return "";
  };

  const writtenTitle = title === undefined ? "" : written(title, maximumTitleBytes);
  if (writtenTitle === "") return undefined;
  const writtenText = written(options.text ?? title, maximumTextBytes);
  const seconds = options.time === undefined ? undefined : epochSeconds(options.time);
  if (options.time !== undefined && seconds === undefined) diagnostics.count("event_field_invalid");
  return [
    `_e{${Buffer.byteLength(writtenTitle)},${Buffer.byteLength(writtenText)}}:${writtenTitle}|${writtenText}`,
    seconds === undefined ? "" : `|d:${seconds}`,
    field("h", options.hostname),
    field("k", options.aggregationKey),
    choice("p", options.priority, priorities),
    field("s", options.sourceType),
    choice("t", options.alertType, alertTypes),
  ].join("");
}

/** The Agent turns the two characters `\n` back into a line break. */
function escapeLines(text: string): string {
  return text.replace(/\r\n?|\n/g, "\\n");
}
