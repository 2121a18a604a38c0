import { internalModule } from "./internal-module.ts";
import type { BackendSpan } from "./tracer-backend.ts";
import { callMethod, readPath } from "./untyped.ts";

/** What dd-trace keeps for the running code, the active span among it. */
type Store = Readonly<Record<string, unknown>> & { readonly span?: BackendSpan | null };

interface Storage {
  /** @param handle That of a span: what was there when it was started. */
  getStore(handle?: unknown): Store | undefined;
  enterWith(store: Store | undefined): void;
}

/**
 * The place where dd-trace keeps the active span.
 *
 * Its own `scope().activate()` puts a thrown error on the span as it is, past the tag guard, and has to be kept from
 * seeing one by a function and an object for each call.
 */
export class ActiveStore {
  readonly #storage: Storage;

  private constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** @returns `undefined` where this dd-trace is off, or keeps the active span elsewhere. */
  static of(tracer: unknown): ActiveStore | undefined {
    const storage = callMethod(internalModule("datadog-core"), "storage", "legacy");
    const isKnown =
      typeof readPath(storage, "getStore") === "function" &&
      typeof readPath(storage, "enterWith") === "function" &&
      typeof readPath(tracer, "_tracer", "_scope", "activate") === "function";
    return isKnown ? new ActiveStore(storage as Storage) : undefined;
  }

  active(): BackendSpan | undefined {
    return this.#storage.getStore()?.span ?? undefined;
  }

  /** Runs `fn` with the span active, also after its awaits, as dd-trace does it. */
  activate<A, T>(span: BackendSpan, fn: (argument: A) => T, argument: A): T {
    const storage = this.#storage;
    const before = storage.getStore();
    const { _store: handle } = span as { readonly _store?: unknown };
    storage.enterWith({ ...storage.getStore(handle), span });
    try {
      return fn(argument);
    } finally {
      storage.enterWith(before);
    }
  }
}
