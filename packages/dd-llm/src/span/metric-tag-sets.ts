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
  /** That of the last call without tags of its own, which is most often that of the next one. */
  #last: MetricTags | undefined;

  /** The tags of a call; its errors have a set of their own. */
  of(call: ModelCall, isStreaming: boolean, errorClass: LLMErrorClass | undefined): MetricTags {
    const { provider, model, requestType, metricTags } = call;
    const isUsual = errorClass === undefined && Object.keys(metricTags).length === 0;
    if (!isUsual) return this.#find(call, isStreaming, errorClass);
    const last = this.#last;
    if (
      last !== undefined &&
      last["model"] === model &&
      last["provider"] === provider &&
      last["request_type"] === requestType &&
      last["streaming"] === isStreaming
    ) {
      return last;
    }
    const tags = this.#find(call, isStreaming, errorClass);
    if (model.length <= maximumKeyLength && provider.length <= maximumKeyLength) this.#last = tags;
    return tags;
  }

  #find(call: ModelCall, isStreaming: boolean, errorClass: LLMErrorClass | undefined): MetricTags {
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
