import { createRequire } from "node:module";
import type { Tracer } from "dd-trace";
import { moduleAddress } from "../module-address.ts";

/** The SDKs that dd-trace loads while it is initialised, by the property that holds them. */
const modules = {
  appsec: "./packages/dd-trace/src/appsec/sdk",
  llmobs: "./packages/dd-trace/src/llmobs/sdk",
} as const;

/** An SDK of dd-trace that can wait until somebody uses it. */
export type DeferrableSdk = keyof typeof modules;

/**
 * Initialises dd-trace without the SDKs that nobody has asked for, a fifth of its start-up; each is loaded when it is
 * read from the tracer for the first time. In a serverless function dd-trace does so by itself.
 *
 * @param names The SDKs that can wait.
 * @param init What initialises dd-trace; it is not called twice.
 */
export function withDeferredSdks(names: readonly DeferrableSdk[], init: () => Tracer): Tracer {
  const deferrals = names.flatMap((name) => deferral(name) ?? []);
  try {
    for (const { hide } of deferrals) hide();
    const tracer = init();
    for (const { provide } of deferrals) provide(tracer);
    return tracer;
  } finally {
    for (const { show } of deferrals) show();
  }
}

interface Deferral {
  /** Puts a stand-in in the place of the SDK's class. */
  readonly hide: () => void;
  /** Makes the tracer load the SDK where it holds a stand-in. */
  readonly provide: (tracer: Tracer) => void;
  readonly show: () => void;
}

type SdkClass = new (...given: readonly unknown[]) => object;

/** @returns `undefined` where the SDK is loaded already, or this dd-trace has none at that place. */
function deferral(name: DeferrableSdk): Deferral | undefined {
  let load: NodeJS.Require;
  let file: string;
  try {
    load = createRequire(createRequire(moduleAddress).resolve("dd-trace"));
    file = load.resolve(modules[name]);
    if (load.cache[file] !== undefined) return undefined;
  } catch {
    return undefined;
  }
  class StandIn {
    readonly given: readonly unknown[];
    constructor(...given: readonly unknown[]) {
      this.given = given;
    }
  }
  const module = {
    id: file,
    filename: file,
    loaded: true,
    exports: StandIn,
    children: [],
    paths: [],
  };
  return {
    hide: () => {
      load.cache[file] = module as unknown as NodeJS.Module;
    },
    provide: (tracer) => {
      const held: unknown = Reflect.get(tracer, name);
      if (!(held instanceof StandIn)) return;
      defineLazily(tracer, name, () => new (load(file) as SdkClass)(...held.given));
    },
    show: () => {
      if (load.cache[file]?.exports === StandIn) delete load.cache[file];
    },
  };
}

function defineLazily(target: object, name: string, make: () => object): void {
  const settle = (value: unknown) => {
    const rest = { configurable: true, enumerable: true, writable: true };
    Reflect.defineProperty(target, name, { value, ...rest });
  };
  Reflect.defineProperty(target, name, {
    configurable: true,
    enumerable: true,
    get: () => {
      const sdk = make();
      settle(sdk);
      return sdk;
    },
    set: settle,
  });
}
