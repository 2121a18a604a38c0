/** Trace Context level 2, section 3.3.1.1: at most 32 list members. */
export const maximumTraceStateMembers = 32;

/** Trace Context level 2, section 3.3.1.3.2: a value is at most 256 characters; so is Datadog's own member. */
export const maximumTraceStateValueLength = 256;

/**
 * What of a tracestate header is looked at. The longest valid list without optional white space is
 * 32 members of 513 characters and 31 commas, 16,447 characters.
 */
export const maximumTraceStateLength = 20_480;

/** The longest origin kept; known origins have less than 30 characters. */
export const maximumOriginLength = 256;

/** How far into an over-long `x-datadog-tags` header `_dd.p.tid` is looked for. */
export const maximumScannedTagsLength = 8_192;

/** The longest JSON text of the `x-aws-sqsd-attr-_datadog` header. */
export const maximumSqsdLength = 16_384;
