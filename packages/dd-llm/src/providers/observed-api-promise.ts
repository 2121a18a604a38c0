import { isRecord, type UnknownRecord } from "../formats/unknown-record.ts";
import { type ObservedModelCall, quietly } from "./observed-model-call.ts";

type Parse = (...args: unknown[]) => Promise<unknown>;

/**
 * The promise of the SDKs that Stainless generates (OpenAI, Anthropic): the request runs at once, but its body is
 * parsed only when somebody waits for the result. These two fields are all that `then`, `asResponse`,
 * `withResponse` and `_thenUnwrap` work on, in every supported version.
 */
interface APIPromise {
  responsePromise: Promise<unknown>;
  parseResponse: Parse;
}

/** Ends the call of a promise that nobody ever waited for. */
const forgotten = new FinalizationRegistry<() => ObservedModelCall | undefined>((call) =>
  call()?.left(),
);

/**
 * Observes an API promise in place: it stays the same object, parses as late and as often as without us, and a
 * rejection that nobody handles is still unhandled.
 *
 * @param call The call, as soon as it is known.
 * @param adapt Changes the result before the application gets it.
 * @returns Whether the promise could be observed.
 */
export function observeAPIPromise(
  promise: unknown,
  call: () => ObservedModelCall | undefined,
  adapt?: (result: unknown) => void,
): boolean {
  if (!isAPIPromise(promise)) return false;
  const parse = promise.parseResponse;
  // What is registered outlives every collection but a full one, with all that can be reached from it.
  const waitedFor = () => forgotten.unregister(promise);
  let isParsed = false;
  promise.parseResponse = async (...args) => {
    isParsed = true;
    try {
      const result = await Reflect.apply(parse, promise, args);
      call()?.succeeded(result);
      waitedFor();
      quietly(() => adapt?.(result));
      return result;
    } catch (error) {
      call()?.failed(error);
      waitedFor();
      throw error;
    }
  };
  promise.responsePromise = promise.responsePromise.then(
    (received) => {
      quietly(() => observeResponse(received, call(), () => isParsed));
      return received;
    },
    (error: unknown) => {
      call()?.failed(error);
      waitedFor();
      throw error;
    },
  );
  forgotten.register(promise, call, promise);
  return true;
}

function isAPIPromise(promise: unknown): promise is APIPromise {
  return (
    isRecord(promise) &&
    typeof promise["parseResponse"] === "function" &&
    promise["responsePromise"] instanceof Promise
  );
}

/**
 * With `asResponse()` the application reads the body itself, so the call ends with its headers. It is noticed by the
 * reading of `response` before any parsing; a parsing that follows at once, as in `withResponse()`, still counts.
 */
function observeResponse(
  received: unknown,
  call: ObservedModelCall | undefined,
  isParsed: () => boolean,
): void {
  if (call === undefined || !isRecord(received)) return;
  const response = received["response"];
  if (!isRecord(response)) return;
  call.responded(response["status"], response["headers"]);
  const arrival = Date.now();
  const leave = () => {
    if (!isParsed()) call.left(arrival);
  };
  handOut(received, response, () => {
    // The parsing reads it too.
    if (!isParsed()) setImmediate(leave).unref();
  });
}

/** Calls `onTake` when somebody first reads `response`. */
function handOut(received: UnknownRecord, response: unknown, onTake: () => void): void {
  let isTaken = false;
  Object.defineProperty(received, "response", {
    configurable: true,
    enumerable: true,
    get: () => {
      if (!isTaken) onTake();
      isTaken = true;
      return response;
    },
  });
}
