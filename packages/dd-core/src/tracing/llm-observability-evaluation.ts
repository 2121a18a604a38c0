import type { LLMObservabilitySDK } from "../dd-trace/llmobs-sdk.ts";
import { safeEntries, safeRead, safeText } from "../guard/safe-read.ts";
import type { TracedSpan } from "../span/traced-span.ts";
import type { AnnotationEnvironment } from "./llm-observability.ts";

/** The identity of a span in LLM Observability, to be kept with what the span has produced. */
export interface LLMObservabilitySpanReference {
  /** The trace's id as LLM Observability knows it. */
  readonly traceId: string;
  /** The span id, decimal. */
  readonly spanId: string;
}

/** What is common to evaluations and feedback (https://docs.datadoghq.com/llm_observability/instrumentation/sdk/#evaluations). */
interface Assessment {
  /** What is judged, for example `helpfulness`; a dot becomes an underscore, since none may be in it. */
  readonly label: string;
  /** The judgement, of the kind that `metricType` says. */
  readonly value: string | number | boolean | Readonly<Record<string, unknown>>;
  /**
   * What kind of value it is; `text` is for feedback only.
   * @default by the value: `score`, `boolean`, `json`, and `categorical` for text
   */
  readonly metricType?: "categorical" | "score" | "boolean" | "json" | "text";
  /** Whether the value is good enough. */
  readonly assessment?: "pass" | "fail";
  /** Why it was judged so; redacted before it is sent. */
  readonly reasoning?: string;
  /** Tags of the judgement, by key. */
  readonly tags?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** The application of LLM Observability that it belongs to. @default that of the client */
  readonly mlApp?: string;
  /** When it was judged (ms since the epoch). @default now */
  readonly timestampMs?: number;
}

/** A judgement of a span by a program or a person. */
export interface LLMObservabilityEvaluation extends Assessment {
  /** The span that is judged. */
  readonly span: LLMObservabilitySpanReference;
  /** Further values by key; redacted before they are sent. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What an end user thinks; exactly one target is to be given. */
export interface LLMObservabilityFeedback extends Assessment {
  /** Who gives the feedback. */
  readonly submitter: {
    /** Identifies who gives it, for example a customer's number; redacted, so that an e-mail address is lost. */
    readonly id: string;
    /** The kind of submitter, for example `user`. */
    readonly type?: string;
  };
  /** Target: one span. */
  readonly span?: LLMObservabilitySpanReference;
  /** Target: a whole trace. */
  readonly traceId?: string;
  /** Target: a session. */
  readonly sessionId?: string;
  /** Target: spans that carry this key. */
  readonly feedbackJoinKey?: string;
}

/** The reference of a span that LLM Observability knows; `undefined` for any other. */
export function exportObservedSpan(
  { backend }: AnnotationEnvironment,
  span: TracedSpan | undefined,
): LLMObservabilitySpanReference | undefined {
  try {
    const exported: unknown = backend.llmobsSdk?.()?.exportSpan(span?.backendSpan as never);
    const traceId = safeRead(exported, "traceId");
    const spanId = safeRead(exported, "spanId");
    const isKnown = typeof traceId === "string" && typeof spanId === "string";
    return isKnown && span !== undefined ? { traceId, spanId } : undefined;
  } catch {
    return undefined;
  }
}

/** Submits an evaluation; never throws. */
export function submitEvaluation(
  environment: AnnotationEnvironment,
  evaluation: LLMObservabilityEvaluation,
): void {
  submit(environment, "evaluation", (sdk) => {
    const metadata = environment.guard.structure(safeRead(evaluation, "metadata"));
    const isRecord = typeof metadata === "object" && metadata !== null && !Array.isArray(metadata);
    const options = { ...assessmentOf(environment, evaluation), ...(isRecord ? { metadata } : {}) };
    sdk.submitEvaluation(referenceOf(safeRead(evaluation, "span")) as never, options as never);
  });
}

/** Submits feedback; never throws. */
export function submitFeedback(
  environment: AnnotationEnvironment,
  feedback: LLMObservabilityFeedback,
): void {
  submit(environment, "feedback", (sdk) => {
    const { guard } = environment;
    const submitter = safeRead(feedback, "submitter");
    const type = safeRead(submitter, "type");
    const span = safeRead(feedback, "span");
    const targets = ["traceId", "sessionId", "feedbackJoinKey"]
      .map((key) => [key, safeRead(feedback, key)] as const)
      .filter(([, value]) => value !== undefined && value !== null);
    const options = {
      ...assessmentOf(environment, feedback),
      ...(span === undefined || span === null ? {} : { span: referenceOf(span) }),
      ...Object.fromEntries(targets.map(([key, value]) => [key, guard.text(safeText(value))])),
      submitter: {
        id: guard.text(textOr(safeRead(submitter, "id"), "")),
        ...(typeof type === "string" ? { type: guard.text(type) } : {}),
      },
    };
    sdk.submitFeedback(options as never);
  });
}

function submit(
  { backend, diagnostics }: AnnotationEnvironment,
  kind: "evaluation" | "feedback",
  send: (sdk: LLMObservabilitySDK) => void,
): void {
  try {
    const sdk = backend.llmobsSdk?.();
    if (sdk === undefined) diagnostics.count(`llmobs_${kind}_disabled`);
    else send(sdk);
  } catch {
    diagnostics.count(`llmobs_${kind}_refused`);
    diagnostics.warnOnce(
      `llmobs-${kind}-refused`,
      `LLM Observability refused an ${kind === "evaluation" ? "evaluation" : "end user's feedback"}; label, value, metricType and the span or target must be right.`,
    );
  }
}

/** Every value guarded, and coerced where that is harmless. */
function assessmentOf(
  { guard }: AnnotationEnvironment,
  source: Assessment,
): Record<string, unknown> {
  const label = textOr(safeRead(source, "label"), "");
  const value = coerced(safeRead(source, "value"), safeRead(source, "metricType"));
  const reasoning = safeRead(source, "reasoning");
  const assessment = safeRead(source, "assessment");
  const timestampMs = safeRead(source, "timestampMs");
  const mlApp = safeRead(source, "mlApp");
  return {
    label: guard.text(label.replaceAll(".", "_")),
    metricType: value.metricType,
    value: guard.structure(value.value),
    tags: guard.attributes(Object.fromEntries(safeEntries(safeRead(source, "tags")))),
    ...(typeof reasoning === "string" ? { reasoning: guard.structure(reasoning) } : {}),
    ...(assessment === "pass" || assessment === "fail" ? { assessment } : {}),
    ...(isTime(timestampMs) ? { timestampMs } : {}),
    ...(typeof mlApp === "string" ? { mlApp: guard.text(mlApp) } : {}),
  };
}

function coerced(
  value: unknown,
  given: unknown,
): { readonly metricType: unknown; readonly value: unknown } {
  // JSON has no form for them, and the intake no use.
  if (typeof value === "number" && !Number.isFinite(value)) {
    return { metricType: given ?? "score", value: undefined };
  }
  const isKnown = value !== undefined && value !== null;
  if (given === "categorical" || given === "text") {
    return { metricType: given, value: isKnown ? safeText(value) : undefined };
  }
  if (given !== undefined) return { metricType: given, value };
  if (typeof value === "number") return { metricType: "score", value };
  if (typeof value === "boolean") return { metricType: "boolean", value };
  return { metricType: typeof value === "object" ? "json" : "categorical", value };
}

function referenceOf(span: unknown): LLMObservabilitySpanReference {
  return {
    traceId: textOr(safeRead(span, "traceId"), ""),
    spanId: textOr(safeRead(span, "spanId"), ""),
  };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

/** dd-trace takes any number from 0 on. */
function isTime(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}
