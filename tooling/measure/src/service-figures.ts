import { medianOfLowerQuartiles } from "./interleaved.ts";

/** What one stretch of requests at a fixed rate has shown. */
export interface SteadyStretch {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU of the whole process for each request (µs), export included. */
  readonly cpuMicroseconds: number;
  /** Resident set at its end (MB). */
  readonly residentMegabytes: number;
  readonly loopDelayP99Ms: number;
  readonly failures: number;
  /** HTTP requests, their bytes, and datagrams that the telemetry made for each request to the service. */
  readonly sent: { readonly requests: number; readonly bytes: number; readonly datagrams: number };
}

/** What one stretch of requests as fast as they are answered has shown. */
export interface FastStretch {
  /** Requests answered for each second. */
  readonly throughput: number;
  /** Resident set at its end (MB). */
  readonly residentMegabytes: number;
  readonly failures: number;
}

/** All that one process of a service has shown, in the order in which it was measured. */
export interface ProcessRuns {
  readonly steady: readonly SteadyStretch[];
  readonly fast: readonly FastStretch[];
}

/** What all processes with one kind of telemetry say together. */
export interface ServiceFigures {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicroseconds: number;
  /** After the last stretch at the rate. */
  readonly residentMegabytes: number;
  /** After the last stretch as fast as they can. */
  readonly residentMegabytesAtEnd: number;
  readonly loopDelayP99Ms: number;
  readonly sentBytes: number;
  readonly datagrams: number;
  /** Of all requests. */
  readonly failures: number;
}

/**
 * What else the machine does only adds to a cost, so the lower quartile of its stretches stands for a process, and the
 * upper one of requests/s; no two processes are alike, so their median stands for all.
 */
export function serviceFigures(processes: readonly ProcessRuns[]): ServiceFigures {
  const steady = (read: (stretch: SteadyStretch) => number): number =>
    medianOfLowerQuartiles(processes.map((process) => process.steady.map(read)));
  const memoryAfter = (part: keyof ProcessRuns): number =>
    medianOfLowerQuartiles(
      processes.map((process) => process[part].slice(-1).map((last) => last.residentMegabytes)),
    );
  return {
    requestsPerSecond: -medianOfLowerQuartiles(
      processes.map(({ fast }) => fast.map(({ throughput }) => -throughput)),
    ),
    p50Ms: steady(({ p50Ms }) => p50Ms),
    p99Ms: steady(({ p99Ms }) => p99Ms),
    cpuMicroseconds: steady(({ cpuMicroseconds }) => cpuMicroseconds),
    residentMegabytes: memoryAfter("steady"),
    residentMegabytesAtEnd: memoryAfter("fast"),
    loopDelayP99Ms: steady(({ loopDelayP99Ms }) => loopDelayP99Ms),
    sentBytes: steady(({ sent }) => sent.bytes),
    datagrams: steady(({ sent }) => sent.datagrams),
    failures: processes
      .flatMap(({ steady, fast }) => [...steady, ...fast])
      .reduce((sum, { failures }) => sum + failures, 0),
  };
}
