/** What the two Agents said to one payload. */
export interface VerdictPair {
  /** The row it belongs to. */
  readonly group: string;
  readonly real: "accepted" | "refused";
  readonly embedded: "accepted" | "refused";
}

/** The comparison as the README shows it, a row for each group and one for all. */
export function verdictTable(pairs: readonly VerdictPair[]): string {
  const groups = Map.groupBy(pairs, ({ group }) => group);
  const rows = [...groups].map(([group, members]) => row(group, members));
  return [
    "| payloads with | sent | both accept | both refuse | only the embedded one refuses | only Datadog's refuses |",
    "|---|---|---|---|---|---|",
    ...rows,
    row("all", pairs),
  ].join("\n");
}

function row(group: string, pairs: readonly VerdictPair[]): string {
  const count = (real: string, embedded: string): number =>
    pairs.filter((pair) => pair.real === real && pair.embedded === embedded).length;
  const cells = [
    group,
    pairs.length,
    count("accepted", "accepted"),
    count("refused", "refused"),
    count("accepted", "refused"),
    count("refused", "accepted"),
  ];
  return `| ${cells.join(" | ")} |`;
}
