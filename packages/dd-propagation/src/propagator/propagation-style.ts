/** A header format: `b3` is the single header, `b3multi` the `X-B3-*` headers, `none` turns propagation off. */
export type PropagationStyle = "datadog" | "tracecontext" | "b3" | "b3multi" | "baggage" | "none";

const styles: Readonly<Record<string, PropagationStyle>> = {
  datadog: "datadog",
  tracecontext: "tracecontext",
  b3: "b3",
  "b3 single header": "b3",
  b3multi: "b3multi",
  baggage: "baggage",
  none: "none",
};

/** The styles used when nothing is configured, as for dd-trace. */
export const defaultStyles: readonly PropagationStyle[] = ["datadog", "tracecontext", "baggage"];

/** The style of a name in any case, or `undefined`. */
export function styleOf(name: string): PropagationStyle | undefined {
  const key = name.trim().toLowerCase();
  return Object.hasOwn(styles, key) ? styles[key] : undefined;
}
