/** Line charts as SVG, for the pictures of the examples. */
export interface Axis {
  readonly label: string;
  /** A logarithmic scale: numbers that are not positive are left out. */
  readonly log?: boolean;
}
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly dashed?: boolean;
  /** Shaded around the line: the ends of the band for each x. */
  readonly band?: readonly (readonly [x: number, low: number, high: number])[];
}
export interface Chart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}
/** A page with charts side by side. */
export declare function page(title: string, subtitle: string, charts: readonly Chart[]): string;
