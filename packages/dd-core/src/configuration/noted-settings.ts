import type { ResolvedLinkOptions } from "../agent-link/link-options.ts";
import type { CoreOptions } from "./core-options.ts";
import type { Environment, SettingReader, SettingSource } from "./setting.ts";

/** Notes the tags by their keys: a value may be meant for Datadog only. */
export function notedTags(
  settings: SettingReader,
  tags: Readonly<Record<string, string>>,
  option: CoreOptions["tags"],
): Readonly<Record<string, string>> {
  const keys = Object.keys(tags);
  const ofOption = keys.some((key) => option !== undefined && Object.hasOwn(option, key));
  const source: SettingSource = ofOption ? "option" : keys.length > 0 ? "environment" : "default";
  settings.derive("tags", keys.length === 0 ? undefined : keys.join(", "), source, "DD_TAGS");
  return tags;
}

/** Notes how delivery is set up, option by option. */
export function noteLinkSettings(
  settings: SettingReader,
  { backoff, breaker, ...link }: ResolvedLinkOptions,
  { buffer = {}, delivery = {} }: CoreOptions,
): void {
  const { maxSpans, maxBytes, spoolDirectory, maxSpoolBytes, maxSpoolAgeMs, ...rest } = link;
  const bufferValues = { maxSpans, maxBytes, spoolDirectory, maxSpoolBytes, maxSpoolAgeMs };
  const deliveryValues = {
    ...rest,
    retryBaseMs: backoff.baseMs,
    retryCapMs: backoff.capMs,
    breakerFailures: breaker.failures,
    breakerOpenMs: breaker.openMs,
  };
  const note = (section: string, given: object, values: Readonly<Record<string, unknown>>) => {
    for (const [name, value] of Object.entries(values)) {
      const isGiven = Reflect.get(given, name) !== undefined;
      const shown = value as string | number | boolean | undefined;
      settings.derive(`${section}.${name}`, shown, isGiven ? "option" : "default");
    }
  };
  note("buffer", buffer, bufferValues);
  note("delivery", delivery, deliveryValues);
}

/** Variables that dd-trace or another package reads by itself, by the path under which they are shown. */
const foreignSettings: Readonly<Record<string, string>> = {
  "dd-trace.rateLimit": "DD_TRACE_RATE_LIMIT",
  "propagation.style": "DD_TRACE_PROPAGATION_STYLE",
  "propagation.inject": "DD_TRACE_PROPAGATION_STYLE_INJECT",
  "propagation.extract": "DD_TRACE_PROPAGATION_STYLE_EXTRACT",
};

/** Notes what is in force although no option of ours sets it. */
export function noteForeignSettings(settings: SettingReader): void {
  for (const [path, variable] of Object.entries(foreignSettings)) {
    settings.text(path, undefined, variable);
  }
}

/** Says whether there is an API key, and never what it is. */
export function noteApiKey(
  settings: SettingReader,
  environment: Environment,
  hasProvider: boolean,
): void {
  const isSet = Boolean(environment["DD_API_KEY"]?.trim());
  if (hasProvider) settings.derive("apiKey", "[credentials]", "option", "DD_API_KEY");
  else if (isSet) settings.derive("apiKey", "[set]", "environment", "DD_API_KEY");
  else settings.derive("apiKey", undefined, "default", "DD_API_KEY");
}
