import type { Population } from './model.js';

const [WIDTH, HEIGHT, MARGIN, HEADER] = [860, 360, 56, 76];
const KINDS = [
  { key: 'hares', color: '#2a6f97' },
  { key: 'lynxes', color: '#c0392b' },
] as const;

/** An SVG: counts as dots, one a year from `first` on, and the model as curves. `path`: populations at equal distances. */
export function drawFit(
  counts: readonly Population[],
  path: readonly Population[],
  first: number,
  title: string,
  subtitle: string,
): string {
  const years = counts.length - 1;
  const most = 10 * Math.ceil(Math.max(...[...counts, ...path].flatMap((p) => [p.hares, p.lynxes])) / 10);
  const x = (year: number): number => MARGIN + (year / years) * (WIDTH - 2 * MARGIN);
  const y = (animals: number): number => HEADER + HEIGHT * (1 - animals / most);
  const at = (year: number, animals: number): string => `${x(year).toFixed(1)},${y(animals).toFixed(1)}`;
  const lines: string[] = [];
  for (let animals = 0; animals <= most; animals += 20)
    lines.push(
      `<line x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${y(animals)}" y2="${y(animals)}" stroke="#e3e9e5"/>`,
      `<text x="${MARGIN - 10}" y="${y(animals) + 4}" text-anchor="end">${animals}</text>`,
    );
  for (let year = 0; year <= years; year += 5)
    lines.push(
      `<text x="${x(year)}" y="${HEADER + HEIGHT + 22}" text-anchor="middle">${first + year}</text>`,
    );
  const series = KINDS.flatMap(({ key, color }, k) => {
    const curve = path.map((p, i) => at((i * years) / (path.length - 1), p[key])).join(' ');
    return [
      `<polyline points="${curve}" fill="none" stroke="${color}" stroke-width="2"/>`,
      ...counts.map((p, year) => {
        const [cx, cy] = at(year, p[key]).split(',');
        return `<circle cx="${cx}" cy="${cy}" r="4" fill="${color}" stroke="#ffffff"/>`;
      }),
      `<text x="${WIDTH - MARGIN}" y="${HEADER + 16 + 18 * k}" fill="${color}" font-weight="bold" text-anchor="end">${key}</text>`,
    ];
  });
  const height = HEADER + HEIGHT + 56;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`,
    `  font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif" fill="#22303c" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="20" y="34" font-size="21" font-weight="bold">${title}</text>`,
    `<text x="20" y="58" font-size="13.5" fill="#5b6873">${subtitle}</text>`,
    ...lines,
    ...series,
    `<text x="20" y="${height - 12}" fill="#5b6873">Thousands of pelts that the Hudson's Bay Company bought in a year</text>`,
    '</svg>',
  ].join('\n')}\n`;
}
