import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Forces collections until finalizers have brought about what is waited for, at most 50 times. */
export async function collectGarbageUntil(isDone: () => boolean): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  for (let round = 0; round < 50 && !isDone(); round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
}
