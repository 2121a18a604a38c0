import { ConfigurationError } from "../errors/configuration-error.ts";
import { type SettingReader, shown } from "./setting.ts";

const defaultSite = "datadoghq.com";

/**
 * Decides Datadog's site: a host name and nothing more, since the API key is sent to hosts below it.
 *
 * @throws {ConfigurationError} When it is something else.
 */
export function resolveSite(option: unknown, settings: SettingReader): string {
  const given = settings.text("site", option, "DD_SITE");
  if (given === undefined) {
    settings.derive("site", defaultSite, "default", "DD_SITE");
    return defaultSite;
  }
  if (!/^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$/i.test(given)) {
    throw new ConfigurationError(
      `The setting site must be one of Datadog's sites, for example datadoghq.eu, not ${shown(given)}. Set the option site or the variable DD_SITE.`,
    );
  }
  return given.toLowerCase();
}
