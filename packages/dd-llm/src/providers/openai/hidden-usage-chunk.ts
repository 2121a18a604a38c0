import { isRecord } from "../../formats/unknown-record.ts";

type Step = IteratorResult<unknown>;

/**
 * Keeps what `stream_options.include_usage` adds to an OpenAI chat stream from an application that did not ask for
 * it: the last chunk, which has no choice, and `usage: null` on all others
 * (https://platform.openai.com/docs/api-reference/chat/create#chat_create-stream_options).
 *
 * @param stream A `Stream` of the official SDK, whose `tee()` and iteration both read through its `iterator`.
 */
export function hideUsageChunk(stream: unknown): void {
  if (!isRecord(stream)) return;
  const iterate = stream["iterator"];
  if (typeof iterate !== "function") return;
  // The class's own reads through `iterator`; the observer's would read what is hidden here.
  Reflect.deleteProperty(stream, Symbol.asyncIterator);
  Object.defineProperty(stream, "iterator", {
    value: (...args: unknown[]) => new UsageHidingIterator(Reflect.apply(iterate, stream, args)),
    configurable: true,
    writable: true,
    enumerable: true,
  });
}

class UsageHidingIterator implements AsyncIterableIterator<unknown> {
  readonly #iterator: AsyncIterator<unknown>;

  constructor(iterator: AsyncIterator<unknown>) {
    this.#iterator = iterator;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Step> {
    const step = await this.#iterator.next();
    if (step.done === true || !isUsageChunk(step.value)) {
      if (step.done !== true) removeEmptyUsage(step.value);
      return step;
    }
    return this.next();
  }

  async return(value?: unknown): Promise<Step> {
    return (await this.#iterator.return?.(value)) ?? { done: true, value };
  }

  async throw(error?: unknown): Promise<Step> {
    if (this.#iterator.throw === undefined) throw error;
    return this.#iterator.throw(error);
  }
}

function isUsageChunk(chunk: unknown): boolean {
  if (!isRecord(chunk) || !isRecord(chunk["usage"])) return false;
  return Array.isArray(chunk["choices"]) && chunk["choices"].length === 0;
}

function removeEmptyUsage(chunk: unknown): void {
  if (isRecord(chunk) && chunk["usage"] === null) Reflect.deleteProperty(chunk, "usage");
}
