import type { MetricDefinition } from "./metric-definition.ts";

/** Writes the page of the documentation that lists metrics. */
export function cataloguePage(definitions: readonly MetricDefinition[]): string {
  const rows = definitions.map(
    ({ name, type, unit, tags, source, description }) =>
      `| \`${name}\` | ${type} | ${unit} | ${tags.map((tag) => `\`${tag}\``).join(", ") || "–"} | ${source} | ${description} |`,
  );
  return `# Metrics

Generated from the catalogue of [dd-metrics](../packages/dd-metrics/README.md); [metrics.json](metrics.json) is the same for programs. Every metric carries \`service\`, \`env\`, \`version\` and the client's own tags as well; metrics of model calls may carry tags that the application lists.

Times are distributions, which have percentiles across all hosts, unless the option \`durationMetricType\` asks for histograms.

| metric | type | unit | tags | package | |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

/** Writes the catalogue for programs. */
export function catalogueJson(definitions: readonly MetricDefinition[]): string {
  const text = JSON.stringify({ metrics: definitions }, undefined, 2);
  // Short lists on one line, as the formatter of this repository wants them.
  const inline = text.replace(/\[\s+("[^\]]*")\s+\]/g, (_list, items: string) => {
    return `[${items.replace(/\s*\n\s*/g, " ")}]`;
  });
  return `${inline}\n`;
}
