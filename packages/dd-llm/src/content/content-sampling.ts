import { refused } from "@llmdevops/dd-core/options";

/** Keeps the content of some calls only; their tokens, cost and times are always recorded. */
export interface ContentSamplingOptions {
  /** The part of traces whose content is kept, 0 to 1; decided by trace id, so that a conversation is whole or absent. */
  readonly rate: number;
  /** Content of calls that took at least so long is always kept (ms, at least 0). @default never for that reason */
  readonly slowMs?: number;
  /** Content of calls that cost at least so much is always kept (USD, at least 0). @default never for that reason */
  readonly expensiveUsd?: number;
}

/** What is known of a call when it is decided about its content. */
export interface SampledCall {
  readonly traceId: string;
  readonly hasFailed: boolean;
  readonly durationMs: number;
  readonly costUsd: number | undefined;
}

/** @throws {ConfigurationError} When an option is out of its range. */
export function checkContentSampling(sampling: ContentSamplingOptions): void {
  const { rate, slowMs, expensiveUsd } = sampling;
  if (!(Number.isFinite(rate) && rate >= 0 && rate <= 1)) {
    const expected = "a number from 0 to 1";
    throw refused({ option: "content.sampling.rate", expected, given: rate, isOptional: false });
  }
  for (const [name, value] of [
    ["slowMs", slowMs],
    ["expensiveUsd", expensiveUsd],
  ] as const) {
    if (value !== undefined && !(Number.isFinite(value) && value >= 0)) {
      const expected = "a number of at least 0";
      throw refused({ option: `content.sampling.${name}`, expected, given: value });
    }
  }
}

/** Whether the content of a call is kept: failed, slow and expensive calls always are. */
export function keepsContent(sampling: ContentSamplingOptions, call: SampledCall): boolean {
  const { rate, slowMs, expensiveUsd } = sampling;
  if (call.hasFailed) return true;
  if (slowMs !== undefined && call.durationMs >= slowMs) return true;
  if (expensiveUsd !== undefined && call.costUsd !== undefined && call.costUsd >= expensiveUsd) {
    return true;
  }
  return isSampled(call.traceId, rate);
}

/** As Datadog's tracers sample traces: a multiplication spreads ids that follow each other. */
function isSampled(traceId: string, rate: number): boolean {
  if (rate >= 1) return true;
  if (rate <= 0 || !/^\d{1,20}$/.test(traceId)) return false;
  const spread = BigInt.asUintN(64, BigInt(traceId) * 1_111_111_111_111_111_111n);
  return Number(spread) <= rate * 2 ** 64;
}
