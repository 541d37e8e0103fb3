import { duration, type Result, threeFigures } from './report.js';

const SERIES = [
  { name: 'generated', text: 'generated adjoint', legend: 24, colour: '#0b6e99' },
  { name: 'hand', text: 'hand-written adjoint', legend: 182, colour: '#7fb7be' },
  { name: 'tape', text: 'tape', legend: 362, colour: '#e0a33e' },
  { name: 'differences', text: 'finite differences', legend: 434, colour: '#b8b2a7' },
] as const;

const LEFT = 210;
const TOP = 104;
const BAR = 13;
const GROUP = SERIES.length * BAR + 18;
const PLOT = 590;
const RIGHT = 76;
const INK = '#22303c';
const FAINT = '#66737e';

/**
 * Horizontal bars on a logarithmic scale, one group a problem: the time of a gradient by each method, in evaluations
 * of the primal.
 */
export function chart(results: readonly Result[], note: string): string {
  const longest = Math.max(
    ...results.flatMap((r) => SERIES.map((s) => (r.times[s.name]?.median ?? 0) / r.times.primal.median)),
  );
  const decades = Math.ceil(Math.log10(longest));
  const position = (multiple: number) => LEFT + (PLOT * Math.log10(Math.max(multiple, 1))) / decades;
  const width = LEFT + PLOT + RIGHT;
  const bottom = TOP + results.length * GROUP;
  const height = bottom + 58;

  const out: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    `  font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif" fill="${INK}">`,
    '<title>Cost of a gradient in evaluations of the function</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    '<text x="24" y="34" font-size="19" font-weight="bold">Cost of a gradient</text>',
    `<text x="24" y="55" font-size="13" fill="${FAINT}">in evaluations of the function itself, logarithmic scale; shorter is better</text>`,
  ];
  for (const { text, colour, legend } of SERIES) {
    out.push(
      `<rect x="${legend}" y="71" width="12" height="12" rx="2" fill="${colour}"/>`,
      `<text x="${legend + 18}" y="81.5" font-size="13">${text}</text>`,
    );
  }
  for (let d = 0; d <= decades; d++) {
    const x = position(10 ** d).toFixed(1);
    out.push(
      `<line x1="${x}" y1="${TOP - 6}" x2="${x}" y2="${bottom}" stroke="${d === 0 ? INK : '#dfe3e6'}" stroke-width="1"/>`,
      `<text x="${x}" y="${bottom + 17}" font-size="12" fill="${FAINT}" text-anchor="middle">${power(d)}</text>`,
    );
  }
  results.forEach((result, g) => {
    const y = TOP + g * GROUP;
    const middle = y + (SERIES.length * BAR) / 2;
    out.push(
      `<text x="${LEFT - 12}" y="${middle - 2}" font-size="13" text-anchor="end">${result.label}</text>`,
      `<text x="${LEFT - 12}" y="${middle + 14}" font-size="11.5" fill="${FAINT}" text-anchor="end">one evaluation: ${duration(result.times.primal.median)}</text>`,
    );
    SERIES.forEach(({ name, colour }, k) => {
      const time = result.times[name];
      if (!time) return;
      const multiple = time.median / result.times.primal.median;
      const x = position(multiple);
      const top = y + k * BAR;
      out.push(
        `<rect x="${LEFT}" y="${top}" width="${Math.max(x - LEFT, 1).toFixed(1)}" height="${BAR - 2}" fill="${colour}"/>`,
        `<text x="${(x + 5).toFixed(1)}" y="${top + 9.5}" font-size="11">${threeFigures(multiple)}</text>`,
      );
    });
  });
  out.push(`<text x="24" y="${height - 14}" font-size="11.5" fill="${FAINT}">${note}</text>`, '</svg>');
  return `${out.join('\n')}\n`;
}

function power(decade: number): string {
  return decade < 4 ? String(10 ** decade) : `10<tspan dy="-5" font-size="9">${decade}</tspan>`;
}
