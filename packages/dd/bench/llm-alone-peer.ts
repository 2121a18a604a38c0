import { fork } from "node:child_process";
import { once } from "node:events";
import { type Contender, processTime } from "@llmdevops/measure";

/** Contenders that run in a process with dd-trace alone, and the clock that counts them. */
export interface AlonePeer {
  readonly run: (kind: string, isExported: boolean) => Contender["run"];
  /** CPU time of this process and of what was measured in the other one (µs). */
  readonly clock: () => number;
  readonly stop: () => void;
}

/** Starts the process; it sends what it has to `url`. */
export async function startAlonePeer(url: string): Promise<AlonePeer> {
  const child = fork(new URL("./llm-alone.ts", import.meta.url), [url]);
  await once(child, "message");
  let elsewhere = 0;
  return {
    clock: () => processTime() + elsewhere,
    run: (kind, isExported) => async (count) => {
      const before = processTime();
      child.send({ kind, count, isExported });
      const [microseconds] = (await once(child, "message")) as [number];
      // Asking for it is none of its work.
      elsewhere += microseconds - (processTime() - before);
    },
    stop: () => child.disconnect(),
  };
}
