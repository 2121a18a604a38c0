export const datadogTraceIdHeader = "x-datadog-trace-id";
export const datadogParentIdHeader = "x-datadog-parent-id";
export const datadogSamplingPriorityHeader = "x-datadog-sampling-priority";
export const datadogOriginHeader = "x-datadog-origin";
export const datadogTagsHeader = "x-datadog-tags";
export const traceparentHeader = "traceparent";
export const tracestateHeader = "tracestate";
export const b3Header = "b3";
export const b3TraceIdHeader = "x-b3-traceid";
export const b3SpanIdHeader = "x-b3-spanid";
export const b3ParentSpanIdHeader = "x-b3-parentspanid";
export const b3SampledHeader = "x-b3-sampled";
export const b3FlagsHeader = "x-b3-flags";
export const baggageHeader = "baggage";
/** Elastic Beanstalk's worker hands SQS message attributes to the application as headers of this form. */
export const sqsdHeader = "x-aws-sqsd-attr-_datadog";

/** Where the codecs read header values: lower-case name to value. */
export type ReadHeader = (name: string) => string | undefined;

/** One header to write. */
export type HeaderField = readonly [name: string, value: string];
