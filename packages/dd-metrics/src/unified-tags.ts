import type { Configuration, Environment, MetricTags } from "@llmdevops/dd-core";
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
  const entityId = environment["DD_ENTITY_ID"];
  const identity = new Map(
    Object.entries({ service, env, version, "dd.internal.entity_id": entityId }).filter(
      (entry): entry is [string, string] => Boolean(entry[1]),
    ),
  );
  const own = [...identity].map(([key, value]) => formatTag(key, value));
  const others: MetricTags = Object.fromEntries(
    Object.entries(tags).filter(([key]) => !identity.has(key)),
  );
  const maximumBytes = settings.maximumBytes - byteLength(own);
  return [...own, ...formatTags(others, { ...settings, maximumBytes })];
}

/** What tags take on a line (bytes). */
export function byteLength(tags: readonly string[]): number {
  return tags.reduce((total, tag) => total + Buffer.byteLength(tag) + 1, 0);
}
