import { refused } from "./refusal.ts";
import type { SettingReader } from "./setting.ts";

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
    throw refused({
      option: "site",
      variable: "DD_SITE",
      expected: "one of Datadog's sites, for example datadoghq.eu",
      given,
    });
  }
  return given.toLowerCase();
}
