import { headerText } from "./header-text.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** The part of `Metadata` of `@grpc/grpc-js` that is needed. */
export interface GrpcMetadata {
  get(name: string): unknown[];
  set(name: string, value: string): void;
  remove(name: string): void;
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
