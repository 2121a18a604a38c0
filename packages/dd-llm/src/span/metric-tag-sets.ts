import type { MetricTags } from "@llmdevops/dd-core";
import type { LLMErrorClass } from "../errors/error-class.ts";
import type { ModelCall } from "./model-call.ts";

/** Sets that are kept; of more, the one that was made first is made again. */
const maximumSets = 512;
const maximumKeyLength = 1_024;

/**
 * The tags of a call's metrics, as one frozen object for all calls that have the same: a sink may then know the series
 * by the object, without reading it.
 */
export class MetricTagSets {
  readonly #sets = new Map<string, MetricTags>();

  /** The tags of a call; its errors have a set of their own. */
  of(call: ModelCall, isStreaming: boolean, errorClass: LLMErrorClass | undefined): MetricTags {
    const { provider, model, requestType, metricTags } = call;
    let key = `${isStreaming} ${errorClass}${part(provider)}${part(model)}${part(requestType)}`;
    for (const tag of Object.keys(metricTags)) {
      const value = metricTags[tag];
      key += `${part(tag)} ${typeof value}${part(String(value))}`;
    }
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const tags = Object.freeze({
      ...metricTags,
      provider,
      model,
      request_type: requestType,
      streaming: isStreaming,
      ...(errorClass === undefined ? {} : { error_type: errorClass }),
    });
    if (key.length > maximumKeyLength) return tags;
    this.#sets.set(key, tags);
    if (this.#sets.size > maximumSets) {
      const [oldest] = this.#sets.keys();
      if (oldest !== undefined) this.#sets.delete(oldest);
    }
    return tags;
  }
}

/** With its length before it, so that no text can pass for two. */
function part(text: string): string {
  return ` ${text.length}:${text}`;
}
