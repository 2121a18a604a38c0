/** Undoes what an instrumentation has put on a client. */
export type Restore = () => void;

type Method = (this: unknown, ...args: never[]) => unknown;

/** Where a client keeps its own undoing, found also by another copy of this package. */
const restoreKey = Symbol.for("@llmdevops/dd-llm/v0/restore");

/**
 * Puts a method of our own on one object, leaving its class alone. The new property is not enumerable.
 *
 * @param wrap Makes the method from the one it replaces.
 * @returns What puts the earlier method back. A method that somebody else has put over ours meanwhile stays, and
 *   reaches the earlier one through ours.
 */
export function replaceMethod(
  target: object,
  name: string,
  wrap: (original: Method) => (...args: unknown[]) => unknown,
): Restore {
  const own = Object.getOwnPropertyDescriptor(target, name);
  const original: Method = Reflect.get(target, name);
  const wrapped = wrap(original);
  let isActive = true;
  const replacement = function (this: unknown, ...args: unknown[]): unknown {
    return isActive ? wrapped.apply(this, args) : Reflect.apply(original, this, args);
  };
  Object.defineProperty(target, name, {
    value: replacement,
    configurable: true,
    writable: true,
    enumerable: own?.enumerable ?? false,
  });
  return () => {
    isActive = false;
    if (Reflect.get(target, name) !== replacement) return;
    if (own === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, own);
  };
}

/** Whether a client is instrumented already. */
export function isInstrumented(client: object): boolean {
  try {
    return Object.hasOwn(client, restoreKey);
  } catch {
    // A proxy may refuse to say.
    return false;
  }
}

/** Remembers how the instrumentation of a client is undone. */
export function rememberRestore(client: object, restores: readonly Restore[]): void {
  Object.defineProperty(client, restoreKey, {
    value: () => {
      for (const restore of restores) restore();
    },
    configurable: true,
    enumerable: false,
  });
}

/**
 * Takes the instrumentation off a client; calls that are under way are still recorded.
 *
 * @returns The same client. One that is not instrumented is returned as it is.
 * @example
 * ```ts
 * uninstrument(openai);
 * ```
 */
export function uninstrument<C extends object>(client: C): C {
  const restore: unknown = isInstrumented(client) ? Reflect.get(client, restoreKey) : undefined;
  if (typeof restore === "function") {
    Reflect.deleteProperty(client, restoreKey);
    restore();
  }
  return client;
}
