import type { Line } from "./line-buffer.ts";
import type { LostCalls } from "./lost-calls.ts";

/** How far lines have come, in calls. */
export interface OutletCounts {
  readonly sent: number;
  readonly buffered: number;
  readonly datagrams: number;
}

/** What is gathered and no line yet. */
export interface GatheredValues {
  /** How many calls wait. */
  readonly waiting: number;
  /** Has what is there by now written. */
  seal(): void;
  /** Writes the next of it. @returns Whether there was any. */
  writeNext(): boolean;
}

/** Takes finished lines and delivers them. No method throws, and no promise rejects. */
export interface LineOutlet {
  readonly counts: OutletCounts;
  push(line: Line): void;
  /** Has everything written and delivers it, within the flush time limit. */
  flush(): Promise<void>;
  /** The same once more within another limit (ms), and ends; what is left then is lost. */
  close(timeoutMs: number): Promise<void>;
}

/** Opens an outlet. @param lost Told what could not be delivered. */
export type OpenOutlet = (gathered: GatheredValues, lost: LostCalls) => LineOutlet;
