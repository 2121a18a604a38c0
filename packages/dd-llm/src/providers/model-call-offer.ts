import { AsyncLocalStorage } from "node:async_hooks";
import type { Span } from "@llmdevops/dd-core";
import { processWide } from "./process-wide.ts";

/** A model call that a framework has announced: whoever records it first takes it, so that it is recorded once. */
export interface ModelCallOffer {
  /** The span that the call is part of. */
  readonly childOf: Span | undefined;
  /** Whether an instrumented client has recorded the call. */
  isTaken: boolean;
  /** Whether the framework still waits for the call. */
  isOpen: boolean;
}

const offers = processWide("model-call-offers", () => new AsyncLocalStorage<ModelCallOffer>());

/**
 * Announces a model call to the instrumented client that may be about to make it, in what runs after this in the
 * same asynchronous context.
 */
export function offerModelCall(childOf: Span | undefined): ModelCallOffer {
  const offer = { childOf, isTaken: false, isOpen: true };
  offers.enterWith(offer);
  return offer;
}

/** Takes over the announced model call that runs here, if there is one. */
export function takeModelCall(): ModelCallOffer | undefined {
  const offer = offers.getStore();
  if (offer?.isOpen !== true) return undefined;
  offer.isTaken = true;
  return offer;
}
