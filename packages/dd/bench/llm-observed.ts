import { setTimeout as delay } from "node:timers/promises";
import type { Tracing } from "@llmdevops/dd-core";
import type { LLM } from "@llmdevops/dd-llm";
import type { Contender } from "@llmdevops/measure";
import tracer from "dd-trace";
import type { AlonePeer } from "./llm-alone-peer.ts";
import { documentedCall } from "./llm-by-hand.ts";
import { call, options, response } from "./llm-case.ts";

/** What is handed over in a second at most is 950 events, and waiting for the rest is no work of a call. */
const millisecondsPerEvent = 1_200 / 900;

interface Subjects {
  readonly tracing: Tracing;
  readonly withoutContent: LLM;
  readonly withContent: LLM;
  readonly alone: AlonePeer;
  /** Calls of one sample. */
  readonly batch: number;
}

/**
 * A model call with LLM Observability, beside the same by dd-trace: alone in a process of its own, and beneath our
 * client, which changes how dd-trace hands its events over.
 */
export async function observedTables({
  tracing,
  withoutContent,
  withContent,
  alone,
  batch,
}: Subjects): Promise<(readonly [title: string, cases: Contender[]])[]> {
  const traced = (llm: LLM) => () =>
    llm.traceLLM(options, (span) => span.setInput(call.messages).recordResponse(response));
  const flush = () => tracing.flush();
  const peer = "dd-trace alone: llmobs.trace + annotate, content";
  const beneath = "dd-trace beneath us: llmobs.trace + annotate, content";
  const contentless = "dd-trace alone: the same, no content";
  const away = [
    { name: peer, kind: "documented" },
    { name: contentless, kind: "contentless", peer },
    { name: "dd-trace alone: what traceLLM tells, by hand", kind: "handWritten", peer },
  ];
  const here = [
    { name: beneath, peer, run: documentedCall(tracer, true) },
    { name: "traceLLM, content none", peer, gate: 1.2, run: traced(withoutContent) },
    {
      name: "traceLLM, content none, beside the one beneath us",
      peer: beneath,
      gate: 1.2,
      run: traced(withoutContent),
    },
    { name: "traceLLM, content full and redacted", peer, run: traced(withContent) },
  ];
  for (const { kind } of away) await alone.run(kind, false)(600, undefined);
  for (const { run } of here) for (let index = 0; index < 600; index += 1) run();
  while (!(await flush()).complete);
  const prepare = async () => {
    await flush();
    await delay(batch * millisecondsPerEvent);
  };

  const table = (isExported: boolean): Contender[] => [
    ...away.map(({ kind, ...rest }) => ({
      ...rest,
      count: batch,
      run: alone.run(kind, isExported),
    })),
    ...here.map(({ run, ...rest }) => ({
      ...rest,
      count: batch,
      prepare,
      run: isExported ? exported(run, flush) : repeat(run),
    })),
  ];
  return [
    ["A model call with LLM Observability", table(false)],
    ["A model call with LLM Observability, until the receiver has answered", table(true)],
  ];
}

/** An operation a number of times. */
export function repeat(operation: () => unknown): Contender["run"] {
  return (count) => {
    for (let index = 0; index < count; index += 1) operation();
  };
}

/** The same until the receiver has answered. */
export function exported(
  operation: () => unknown,
  flush: () => Promise<unknown>,
): Contender["run"] {
  return async (count) => {
    for (let index = 0; index < count; index += 1) operation();
    await flush();
  };
}
