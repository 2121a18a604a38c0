import { readSamplingRules } from "../sampling/sampling-rules.ts";
import type { Configuration } from "./configuration.ts";
import type { SamplingOptions } from "./core-options.ts";
import type { Environment, SettingReader } from "./setting.ts";

/**
 * Decides everything about sampling but the rate.
 *
 * @throws {ConfigurationError} When a rule or the target cannot be used.
 */
export function resolveSampling(
  options: SamplingOptions | undefined,
  environment: Environment,
  settings: SettingReader,
): Configuration["sampling"] {
  const rules = (name: "rules" | "spanRules", variable: string) => {
    const path = `sampling.${name}`;
    const text = environment[variable]?.trim() || undefined;
    const option = options?.[name];
    const read = readSamplingRules(path, option, variable, text);
    const source =
      option === undefined ? (text === undefined ? "default" : "environment") : "option";
    settings.derive(path, read.length, source, variable);
    return read;
  };
  const target = settings.number("sampling.targetTracesPerSecond", {
    option: options?.targetTracesPerSecond,
    fallback: Number.POSITIVE_INFINITY,
    accepts: (value) => value > 0,
    expected: "a positive number of traces",
  });
  if (!Number.isFinite(target)) {
    settings.derive("sampling.targetTracesPerSecond", undefined, "default");
  }
  return Object.freeze({
    rules: rules("rules", "DD_TRACE_SAMPLING_RULES"),
    spanRules: rules("spanRules", "DD_SPAN_SAMPLING_RULES"),
    targetTracesPerSecond: Number.isFinite(target) ? target : undefined,
    keepErrors: settings.flag("sampling.keepErrors", options?.keepErrors, undefined, true),
  });
}
