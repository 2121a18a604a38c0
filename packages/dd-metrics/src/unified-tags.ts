import type { Configuration, Environment } from "@llmdevops/dd-core";
import { formatTag, formatTags, type TagSettings } from "./metric-tags.ts";

/**
 * The tags on every value: `service`, `env` and `version`, the Agent's entity id where the platform gives one
 * (https://docs.datadoghq.com/developers/dogstatsd/?tab=kubernetes#origin-detection-over-udp), and the configured
 * tags.
 */
export function unifiedTags(
  configuration: Pick<Configuration, "service" | "env" | "version" | "tags">,
  settings: TagSettings,
  environment: Environment = process.env,
): string[] {
  const { service, env, version, tags } = configuration;
  const identity = { service, env, version, "dd.internal.entity_id": environment["DD_ENTITY_ID"] };
  const own = Object.entries(identity).flatMap(([key, value]) =>
    value === undefined || value === "" ? [] : [formatTag(key, value)],
  );
  const maximumBytes = settings.maximumBytes - byteLength(own);
  return [...own, ...formatTags(Object.entries(tags), { ...settings, maximumBytes })];
}

/** What tags take on a line (bytes). */
export function byteLength(tags: readonly string[]): number {
  return tags.reduce((total, tag) => total + Buffer.byteLength(tag) + 1, 0);
}
