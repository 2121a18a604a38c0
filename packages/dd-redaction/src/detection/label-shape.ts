/** What earlier redaction left in a text, whatever the rule: `[NAME_REDACTED]`, `[NAME:hash]`. */
export const labelShape: RegExp = /\[[A-Z][A-Z0-9_]*(?:_REDACTED|:[0-9a-f]{16})\]/;
