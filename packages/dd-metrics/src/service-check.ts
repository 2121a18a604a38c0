import type { Diagnostics, TagGuard } from "@llmdevops/dd-core";
import type { CheckOptions, DatadogChecksValues } from "hot-shots";
import { epochSeconds } from "./metric-settings.ts";
import type { ServiceCheckOptions } from "./service-check-options.ts";
import { cutToBytes } from "./text-limits.ts";

/** A service check in hot-shots' terms. */
export interface ServiceCheck {
  readonly name: string;
  readonly status: DatadogChecksValues;
  readonly options: CheckOptions;
}

const maximumFieldBytes = 200;
const maximumMessageBytes = 500;
const statusCodes: ReadonlyMap<unknown, DatadogChecksValues> = new Map([
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
export function serviceCheck(
  name: string,
  status: unknown,
  options: ServiceCheckOptions,
  guard: TagGuard,
  diagnostics: Diagnostics,
): ServiceCheck | undefined {
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
  return {
    name: writtenName,
    status: code ?? 3,
    options: {
      ...(seconds === undefined ? {} : { date_happened: new Date(seconds * 1_000) }),
      ...(hostname === undefined ? {} : { hostname: written(hostname, maximumFieldBytes) }),
      ...(message === undefined ? {} : { message: written(message, maximumMessageBytes) }),
    },
  };
}
