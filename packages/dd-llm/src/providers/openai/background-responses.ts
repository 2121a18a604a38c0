import { isRecord, textAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import { readCallParameters } from "../call-parameters.ts";
import type { ResolvedInstrumentation } from "../instrumentation-options.ts";
import { observeAPIPromise } from "../observed-api-promise.ts";
import { quietly } from "../observed-model-call.ts";
import { type Restore, replaceMethod } from "../replaced-method.ts";

const maximumIds = 1_000;
const responsePath = /^\/responses\/[^/?]+(\?|$)/;

/**
 * Records the answers to background responses, which come when they are retrieved and not when they are asked for
 * (https://platform.openai.com/docs/guides/background): each once, as a model call from its creation to its end.
 */
export function observeBackgroundResponses(
  client: object,
  provider: string,
  instrumentation: ResolvedInstrumentation,
): Restore {
  const recorded = new Set<string>();
  return replaceMethod(client, "get", (original) => (path, ...rest) => {
    const promise: unknown = Reflect.apply(original, client, [path, ...rest]);
    if (typeof path !== "string" || !responsePath.test(path)) return promise;
    const record = (response: unknown) => {
      if (!isRecord(response) || !isNew(response, recorded)) return;
      recordAnswer(response, provider, instrumentation);
    };
    quietly(() => void observeAPIPromise(promise, () => undefined, record));
    return promise;
  });
}

function isUnderWay({ status }: UnknownRecord): boolean {
  return status === "queued" || status === "in_progress";
}

/** Whether a response has ended in the background and was not retrieved before; of many the latest 1,000 are known. */
function isNew(response: UnknownRecord, recorded: Set<string>): boolean {
  const id = textAt(response, "id");
  if (response["background"] !== true || isUnderWay(response)) return false;
  if (id === undefined || recorded.has(id)) return false;
  recorded.add(id);
  const oldest = recorded.size > maximumIds ? recorded.values().next().value : undefined;
  if (oldest !== undefined) recorded.delete(oldest);
  return true;
}

function recordAnswer(
  response: UnknownRecord,
  provider: string,
  { llm, tags, metricTags }: ResolvedInstrumentation,
): void {
  const startTime = millisecondsAt(response, "created_at");
  const span = llm.startLLMSpan("llm.request", {
    provider,
    model: textAt(response, "model") ?? "unknown",
    requestType: "chat",
    parameters: readCallParameters(response),
    metricTags,
    tags: { ...tags, "llm.background": true },
    ...(startTime === undefined ? {} : { startTime }),
  });
  span.recordResponse(response);
  const { error } = response;
  if (isRecord(error)) {
    const message = textAt(error, "message") ?? "The response has failed.";
    span.setError(Object.assign(new Error(message), { code: textAt(error, "code") }));
  }
  span.finish(millisecondsAt(response, "completed_at"));
}

function millisecondsAt(response: UnknownRecord, key: string): number | undefined {
  const seconds = response[key];
  return typeof seconds === "number" && seconds > 0 ? seconds * 1_000 : undefined;
}
