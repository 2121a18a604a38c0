import { isRecord, type UnknownRecord } from "../formats/unknown-record.ts";
import type { ResolvedInstrumentation } from "./instrumentation-options.ts";
import { observeAPIPromise } from "./observed-api-promise.ts";
import { type ModelRequest, ObservedModelCall, quietly } from "./observed-model-call.ts";
import { type Restore, replaceMethod } from "./replaced-method.ts";

/** A request as an SDK is about to send it. */
export interface PreparedRequest {
  readonly request: ModelRequest;
  /** The request's options to send in place of the caller's. */
  readonly options: UnknownRecord;
  /** Changes the result before the application gets it. */
  readonly adapt?: (result: unknown) => void;
}

/** What differs between the SDKs that Stainless generates. */
export interface StainlessDialect {
  /** Whether requests to this path are model calls. */
  isModelCall(path: string): boolean;
  prepare(path: string, options: UnknownRecord): PreparedRequest;
}

/** Marks the options of a request, which every attempt of the SDK carries on, with its call. */
const callKey = Symbol("@llmdevops/dd-llm/call");

/**
 * Observes a client of an SDK that Stainless generates at `post`, through which all of its resources and helpers
 * make their calls.
 */
export function observeStainlessClient(
  client: object,
  dialect: StainlessDialect,
  instrumentation: ResolvedInstrumentation,
  onCall: () => void,
): Restore[] {
  const post = replaceMethod(client, "post", (original) => (path, options, ...rest) => {
    const send = (sent: unknown) => Reflect.apply(original, client, [path, sent, ...rest]);
    if (typeof path !== "string" || !dialect.isModelCall(path)) return send(options);
    quietly(onCall);
    return isThenable(options)
      ? sendLater(options, (settled) => begin(path, settled, dialect, instrumentation), send)
      : sendNow(begin(path, options, dialect, instrumentation), options, send);
  });
  const prepareRequest = replaceMethod(client, "prepareRequest", (original) => (...args) => {
    quietly(() => noteAttempt(args[1]));
    return Reflect.apply(original, client, args);
  });
  return [post, prepareRequest];
}

interface BegunCall {
  readonly call: ObservedModelCall;
  readonly options: UnknownRecord;
  readonly adapt: ((result: unknown) => void) | undefined;
}

/** Counts how often the SDK sends one request. */
class Attempts {
  readonly #call: ObservedModelCall;
  #count = 0;

  constructor(call: ObservedModelCall) {
    this.#call = call;
  }

  next(): void {
    this.#count += 1;
    if (this.#count > 1) this.#call.retried();
  }
}

function begin(
  path: string,
  options: unknown,
  dialect: StainlessDialect,
  instrumentation: ResolvedInstrumentation,
): BegunCall | undefined {
  try {
    const {
      request,
      options: prepared,
      adapt,
    } = dialect.prepare(path, isRecord(options) ? options : {});
    const { signal } = prepared;
    const call = new ObservedModelCall(
      signal instanceof AbortSignal ? { ...request, signal } : request,
      instrumentation,
    );
    return { call, adapt, options: { ...prepared, [callKey]: new Attempts(call) } };
  } catch {
    // A request that cannot be read is sent as it is, and not recorded.
    return undefined;
  }
}

function sendNow(
  begun: BegunCall | undefined,
  options: unknown,
  send: (options: unknown) => unknown,
): unknown {
  if (begun === undefined) return send(options);
  const { call } = begun;
  let promise: unknown;
  try {
    promise = call.run(() => send(begun.options));
  } catch (error) {
    call.failed(error);
    throw error;
  }
  if (!observeAPIPromise(promise, () => call, begun.adapt)) call.left();
  return promise;
}

/** A form with files is read before it is sent; the call begins when that is done. */
function sendLater(
  options: PromiseLike<unknown>,
  begin: (options: unknown) => BegunCall | undefined,
  send: (options: unknown) => unknown,
): unknown {
  let begun: BegunCall | undefined;
  const ready = options.then((settled) => {
    begun = begin(settled);
    return begun?.options ?? settled;
  });
  const promise = send(ready);
  observeAPIPromise(
    promise,
    () => begun?.call,
    (result) => begun?.adapt?.(result),
  );
  return promise;
}

function noteAttempt(context: unknown): void {
  const options = isRecord(context) ? context["options"] : undefined;
  const attempts: unknown = isRecord(options) ? Reflect.get(options, callKey) : undefined;
  if (attempts instanceof Attempts) attempts.next();
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isRecord(value) && typeof value["then"] === "function";
}
