import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";

/** Where and with what something was measured. */
export interface Machine {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly kernel: string;
  readonly node: string;
}

/** This machine, now. */
export function thisMachine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: processorName(),
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    kernel: release().split("-")[0] ?? "",
    node: process.version,
  };
}

function processorName(): string {
  const model = cpus()[0]?.model.trim();
  if (model !== undefined && model !== "" && model !== "unknown") return model;
  try {
    const line = /^model name\s*: (.+)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"));
    return line?.[1] ?? "unknown processor";
  } catch {
    return "unknown processor";
  }
}
