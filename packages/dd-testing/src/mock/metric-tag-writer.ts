import type { Foundation, MetricTags } from "@llmdevops/dd-core";

/** Datadog's limit (https://docs.datadoghq.com/getting_started/tagging/#define-tags). */
const maximumTagLength = 200;
const maximumTags = 100;

/** Writes the tags of a metric as they would be sent, with those that belong on every metric. */
export class MetricTagWriter {
  readonly #foundation: Foundation;
  readonly #own: Readonly<Record<string, string>>;

  constructor(foundation: Foundation) {
    this.#foundation = foundation;
    const { service, env, version, tags } = foundation.configuration;
    this.#own = this.#formatted({ service, env, version, ...tags });
  }

  write(tags: MetricTags | undefined): Record<string, string> {
    return { ...this.#own, ...this.#formatted(tags) };
  }

  #formatted(tags: MetricTags | undefined): Record<string, string> {
    const { guard, diagnostics } = this.#foundation;
    if (tags === undefined || tags === null) return {};
    if (typeof tags !== "object" || Array.isArray(tags)) {
      diagnostics.count("metric_tags_invalid");
      return {};
    }
    const written: [string, string][] = [];
    for (const key of Object.keys(tags)) {
      const value = guard.value(key, tags[key], "metrics");
      const name = guard.key(key).replace(/[,|:\s#@]/g, "_");
      if (value === undefined || name === "" || written.length >= maximumTags) continue;
      const text = String(value).replace(/[,|\r\n#@]/g, "_");
      written.push([name, text.slice(0, Math.max(0, maximumTagLength - name.length - 1))]);
    }
    return Object.fromEntries(written);
  }
}
