/** Says why a trace payload is refused as a whole; the message is the body of the 400 answer. */
export class TracePayloadError extends Error {}
