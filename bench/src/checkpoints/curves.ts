import type { Result } from './schemes.js';

const [WIDTH, HEIGHT, MARGIN, HEADER] = [360, 240, 60, 50];
const COLORS = ['#22303c', '#e08e0b', '#2a6f97', '#c0392b', '#3d8b57'];

/** An SVG: for each problem time and memory against the number of steps, on logarithmic scales. */
export function drawCurves(results: readonly Result[]): string {
  const problems = [...new Set(results.map((r) => r.problem))];
  const panels = problems.flatMap((problem, row) => {
    const own = results.filter((r) => r.problem === problem);
    const top = HEADER + row * (HEIGHT + 2 * MARGIN);
    return [
      ...panel(own, (r) => r.time, `${problem}: time over that of the function`, MARGIN, top),
      ...panel(own, (r) => Math.max(0.1, r.memory), `${problem}: memory, MB`, WIDTH + 3 * MARGIN, top),
    ];
  });
  const width = 2 * WIDTH + 4 * MARGIN;
  const height = HEADER + problems.length * (HEIGHT + 2 * MARGIN);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    `  font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif" fill="#22303c" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...panels,
    '</svg>',
  ].join('\n')}\n`;
}

function panel(
  results: readonly Result[],
  measure: (r: Result) => number,
  title: string,
  left: number,
  top: number,
): string[] {
  const exponents = (values: readonly number[]): readonly [number, number] => [
    Math.floor(Math.log10(Math.min(...values))),
    Math.ceil(Math.log10(Math.max(...values)) + 1e-9),
  ];
  const [n0, n1] = exponents(results.map((r) => r.n));
  const [v0, v1] = exponents(results.map(measure));
  const x = (n: number): string => (left + ((Math.log10(n) - n0) / Math.max(1, n1 - n0)) * WIDTH).toFixed(1);
  const y = (v: number): string => (top + HEIGHT - ((Math.log10(v) - v0) / (v1 - v0)) * HEIGHT).toFixed(1);
  const lines: string[] = [];
  for (let e = n0; e <= n1; e++)
    lines.push(`<text x="${x(10 ** e)}" y="${top + HEIGHT + 18}" text-anchor="middle">${10 ** e}</text>`);
  for (let e = v0; e <= v1; e++)
    lines.push(
      `<line x1="${left}" x2="${left + WIDTH}" y1="${y(10 ** e)}" y2="${y(10 ** e)}" stroke="#e3e9e5"/>`,
      `<text x="${left - 8}" y="${y(10 ** e)}" text-anchor="end">${10 ** e}</text>`,
    );
  const schemes = [...new Set(results.map((r) => r.scheme))];
  const curves = schemes.flatMap((scheme, k) => {
    const own = results.filter((r) => r.scheme === scheme);
    const points = own.map((r) => `${x(r.n)},${y(measure(r))}`);
    return [
      `<polyline points="${points.join(' ')}" fill="none" stroke="${COLORS[k]}" stroke-width="2"/>`,
      `<text x="${left + 6}" y="${top + 14 + 14 * k}" fill="${COLORS[k]}" font-weight="bold">${scheme}</text>`,
    ];
  });
  return [`<text x="${left}" y="${top - 12}" font-size="13">${title}</text>`, ...lines, ...curves];
}
