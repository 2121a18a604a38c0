import { headerText } from "./header-text.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** The part of `Metadata` of `@grpc/grpc-js` that is needed. */
export interface GrpcMetadata {
  /** All values sent under a name, text or bytes; empty when there is none. */
  get(name: string): unknown[];
  /** Puts one value in the place of all values of a name. */
  set(name: string, value: string): void;
  /** Takes all values of a name away. */
  remove(name: string): void;
  /** The first value of each name. */
  getMap(): Record<string, unknown>;
}

/**
 * A carrier over gRPC metadata.
 *
 * @param metadata The `Metadata` of a call; writes go to it.
 * @example
 * ```ts
 * propagator.inject(context, grpcCarrier(metadata));
 * ```
 */
export function grpcCarrier(metadata: GrpcMetadata): TraceContextCarrier {
  return {
    get: (name) => headerText(metadata.get(name)),
    set: (name, value) => metadata.set(name, value),
    delete: (name) => metadata.remove(name),
    keys: () => Object.keys(metadata.getMap()),
  };
}

/** Tells gRPC metadata by its methods. */
export function isGrpcMetadata(value: object): value is GrpcMetadata {
  return ["get", "set", "remove", "getMap"].every(
    (method) => typeof Reflect.get(value, method) === "function",
  );
}
