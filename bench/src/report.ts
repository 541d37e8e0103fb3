import type { Summary } from './measure.js';
import type { Errors } from './verify.js';

/** What was measured on one problem of one size; times in microseconds a call. */
export interface Result {
  readonly problem: string;
  readonly size: number;
  readonly label: string;
  readonly marker: string;
  readonly dimension: number;
  /** Coordinates that the differences were timed in; their time is scaled up to all. */
  readonly differencedCoordinates: number;
  readonly errors: Errors;
  readonly times: Readonly<Record<'primal' | 'generated' | 'hand' | 'differences', Summary>> & {
    readonly tape?: Summary;
  };
  readonly ratios: {
    readonly gradientToPrimal: Summary;
    readonly gradientToHand: Summary;
    readonly handToPrimal: Summary;
    readonly tapeToGradient?: Summary;
    readonly differencesToGradient: Summary;
  };
}

/** A number with three figures, without an exponent: 0.987, 12.3, 4560, 112k, 1.12M. */
export function threeFigures(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value >= 999_500) return `${threeFigures(value / 1e6)}M`;
  if (value >= 9995) return `${threeFigures(value / 1e3)}k`;
  const decimals = value === 0 ? 2 : Math.max(0, 2 - Math.floor(Math.log10(value) + 1e-9));
  if (decimals > 0) return value.toFixed(Math.min(decimals, 3));
  return String(Number(value.toPrecision(3)));
}

/** A time in the unit that suits it. */
export function duration(microseconds: number): string {
  if (microseconds < 1) return `${threeFigures(microseconds * 1e3)} ns`;
  if (microseconds < 1e3) return `${threeFigures(microseconds)} us`;
  return `${threeFigures(microseconds / 1e3)} ms`;
}

function withQuartiles({ median, lower, upper }: Summary): string {
  return `${median.toFixed(2)} [${lower.toFixed(2)} ${upper.toFixed(2)}]`;
}

const COLUMNS = [
  ['', 'problem'],
  ['', 'marker'],
  ['', 'primal'],
  ['gradient /', 'primal'],
  ['gradient /', 'hand'],
  ['hand /', 'primal'],
  ['tape /', 'gradient'],
  ['diff. /', 'gradient'],
  ['', 'error'],
] as const;

/** The table of a run, one line a problem: medians, and the quartiles of the first two ratios in brackets. */
export function table(results: readonly Result[]): string {
  const rows: (readonly string[])[] = [COLUMNS.map(([above]) => above), COLUMNS.map(([, below]) => below)];
  for (const { label, marker, times, ratios, errors } of results) {
    rows.push([
      label,
      marker,
      duration(times.primal.median),
      withQuartiles(ratios.gradientToPrimal),
      withQuartiles(ratios.gradientToHand),
      ratios.handToPrimal.median.toFixed(2),
      ratios.tapeToGradient ? threeFigures(ratios.tapeToGradient.median) : '-',
      threeFigures(ratios.differencesToGradient.median),
      errors.generated === 0 ? '0' : errors.generated.toExponential(0),
    ]);
  }
  return rightAligned(rows, 2);
}

/** Lines of columns as wide as need be, all but the first `left` of them aligned to the right. */
export function rightAligned(rows: readonly (readonly string[])[], left: number): string {
  const widths = rows[0].map((_, k) => Math.max(...rows.map((row) => row[k].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, k) => (k < left ? cell.padEnd(widths[k]) : cell.padStart(widths[k]))).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
