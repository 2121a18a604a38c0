/** One bar of a chart. */
export interface ChartBar {
  readonly name: string;
  readonly value: number;
  readonly isOurs: boolean;
}

const width = 640;
const rowHeight = 26;
const left = 150;
const right = 70;

/** Horizontal bars as SVG, ours in colour. */
export function barChart(title: string, bars: readonly ChartBar[], digits: number): string {
  const largest = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const rows = bars.map(({ name, value, isOurs }, index) => {
    const y = index * rowHeight;
    const length = ((width - left - right) * value) / largest;
    return `<text x="${left - 8}" y="${y + 17}" text-anchor="end">${name}</text><rect x="${left}" y="${y + 4}" width="${length.toFixed(1)}" height="${rowHeight - 8}" fill="${isOurs ? "#632ca6" : "#8886"}"/><text x="${left + length + 6}" y="${y + 17}">${value.toFixed(digits)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bars.length * rowHeight}" role="img" aria-label="${title}" font-family="sans-serif" font-size="12" fill="#888">
${rows.join("\n")}
</svg>
`;
}
