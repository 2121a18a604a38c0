/** One line of a chart. */
export interface ChartLine {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const width = 640;
const height = 320;
const left = 76;
const bottom = 44;
const top = 28;
const right = 16;
const colours = ["#632ca6", "#e0701b", "#1f77b4", "#2a9d5c"];

function powersOfTen(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    ticks.push(10 ** power);
  }
  return ticks;
}

function shortNumber(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  if (value >= 1e3) return `${value / 1e3}k`;
  return String(value);
}

/** A chart as SVG with both axes by powers of ten: a straight level line costs the same however many there are. */
export function lineChart(
  title: string,
  xLabel: string,
  yLabel: string,
  lines: readonly ChartLine[],
): string {
  const xs = lines.flatMap(({ points }) => points.map(({ x }) => x));
  const ys = lines.flatMap(({ points }) => points.map(({ y }) => Math.max(y, 1)));
  const xTicks = powersOfTen(Math.min(...xs), Math.max(...xs));
  const yTicks = powersOfTen(Math.min(...ys), Math.max(...ys));
  const position = (value: number, ticks: readonly number[]): number => {
    const low = Math.log10(ticks[0] ?? 1);
    const high = Math.log10(ticks.at(-1) ?? 10);
    return (Math.log10(Math.max(value, 1)) - low) / Math.max(high - low, 1);
  };
  const atX = (value: number) => left + position(value, xTicks) * (width - left - right);
  const atY = (value: number) =>
    height - bottom - position(value, yTicks) * (height - bottom - top);
  const grid = yTicks.map(
    (tick) =>
      `<path d="M${left} ${atY(tick)}H${width - right}" stroke="#8884"/><text x="${left - 8}" y="${atY(tick) + 4}" text-anchor="end">${shortNumber(tick)}</text>`,
  );
  const marks = xTicks.map(
    (tick) =>
      `<text x="${atX(tick)}" y="${height - bottom + 18}" text-anchor="middle">${shortNumber(tick)}</text>`,
  );
  const drawn = lines.map(({ name, points }, index) => {
    const colour = colours[index % colours.length];
    const path = points.map(({ x, y }) => `${atX(x).toFixed(1)} ${atY(y).toFixed(1)}`).join("L");
    const dots = points
      .map(({ x, y }) => `<circle cx="${atX(x).toFixed(1)}" cy="${atY(y).toFixed(1)}" r="3"/>`)
      .join("");
    const legend = `<text x="${left + 8 + index * 190}" y="${top - 8}" stroke="none">${name}</text>`;
    return `<g stroke="${colour}" fill="${colour}"><path d="M${path}" fill="none" stroke-width="2"/>${dots}${legend}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}" font-family="sans-serif" font-size="12" fill="#888">
${[...grid, ...marks].join("\n")}
<text x="${(left + width - right) / 2}" y="${height - 6}" text-anchor="middle">${xLabel}</text>
<text transform="translate(14 ${(height - bottom + top) / 2}) rotate(-90)" text-anchor="middle">${yLabel}</text>
${drawn.join("\n")}
</svg>
`;
}
