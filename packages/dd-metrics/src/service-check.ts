import type { Diagnostics, TagGuard } from "@llmdevops/dd-core";
import { epochSeconds } from "./metric-settings.ts";
import type { ServiceCheckOptions } from "./service-check-options.ts";
import { cutToBytes } from "./text-limits.ts";

/** A service check, taken apart where tags go in. */
export interface ServiceCheckMessage {
  readonly head: string;
  /** Has to stand behind everything else (https://docs.datadoghq.com/developers/dogstatsd/datagram_shell/?tab=servicechecks). */
  readonly message: string;
}

const maximumFieldBytes = 200;
const maximumMessageBytes = 500;
const statusCodes: ReadonlyMap<unknown, number> = new Map([
  ["ok", 0],
  ["warning", 1],
  ["critical", 2],
  ["unknown", 3],
]);

/**
 * Brings a service check into the form it is sent in, every text guarded and without the characters that end a
 * field or a line. A status that is none is reported as unknown.
 *
 * @returns `undefined` when there is no name, which the Agent would refuse.
 */
export function serviceCheckMessage(
  name: string,
  status: unknown,
  options: ServiceCheckOptions,
  guard: TagGuard,
  diagnostics: Diagnostics,
): ServiceCheckMessage | undefined {
  const written = (text: unknown, maximumBytes: number): string => {
    const whole = guard.text(String(text), "metrics").replace(/[|\r\n]+/g, "_");
    const cut = cutToBytes(whole, maximumBytes);
    if (cut !== whole) diagnostics.count("service_check_cut");
    return cut;
  };
  const writtenName = name === undefined ? "" : written(name, maximumFieldBytes);
  if (writtenName === "") return undefined;
  const { message, hostname, time } = options;
  const seconds = time === undefined ? undefined : epochSeconds(time);
  const code = statusCodes.get(status);
  if (code === undefined || (time !== undefined && seconds === undefined)) {
    diagnostics.count("service_check_field_invalid");
  }
  const host = hostname === undefined ? "" : written(hostname, maximumFieldBytes);
  const text = message === undefined ? "" : written(message, maximumMessageBytes);
  return {
    head: [
      `_sc|${writtenName}|${code ?? 3}`,
      seconds === undefined ? "" : `|d:${seconds}`,
      host === "" ? "" : `|h:${host}`,
    ].join(""),
    message: text === "" ? "" : `|m:${text}`,
  };
}
