/** Diagnostics: collected, sorted by place, never thrown at the first. */
import type { ts } from '../host/ts.js';
import { CATALOG, type Code } from './catalog.js';

export interface Place {
  readonly file: string;
  readonly start: number;
  readonly length: number;
}

/** Where a node stands. */
export function placeOf(node: ts.Node): Place {
  const file = node.getSourceFile();
  const start = node.getStart(file);
  return { file: file.fileName, start, length: node.end - start };
}
/** The place that a span covers. */
export const placeOfSpan = (s: {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}): Place => ({
  file: s.file,
  start: s.start,
  length: s.end - s.start,
});

/** A place as a key. */
export const placeKey = (s: {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}): string => `${s.file}|${s.start}|${s.end}`;

export interface AdjointDiagnostic extends Place {
  /** Permanent code, `AD` and four digits; the first digit is the topic. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly related: readonly (Place & { readonly message: string })[];
  readonly help?: string;
  /** The page about the code, from the root of the repository. */
  readonly docs: string;
}

/** The page of the documentation about a code. */
export const docsOf = (code: string): string => `docs/diagnostics/${code}.md`;

/** Collects diagnostics; the same one at the same place counts once. */
export class Diagnostics {
  private readonly found = new Map<string, AdjointDiagnostic>();

  /** `around`: what is collected where these will be added. */
  constructor(private readonly around?: Diagnostics) {}

  add(d: Omit<AdjointDiagnostic, 'docs'>): void {
    this.found.set(`${d.code}|${d.file}|${d.start}|${d.length}`, { ...d, docs: docsOf(d.code) });
  }
  /** What a code stands for, at a place, in its usual words or in these. */
  report(
    code: Code,
    { file, start, length }: Place,
    related: AdjointDiagnostic['related'],
    message: string = CATALOG[code].title,
    help: string = CATALOG[code].help,
  ): void {
    this.add({ code, severity: CATALOG[code].severity, message, file, start, length, related, help });
  }
  /** All so far; `restore` forgets what came later. */
  snapshot(): ReadonlyMap<string, AdjointDiagnostic> {
    return new Map(this.found);
  }
  restore(before: ReadonlyMap<string, AdjointDiagnostic>): void {
    this.found.clear();
    for (const [k, d] of before) this.found.set(k, d);
  }
  get hasErrors(): boolean {
    return this.around?.hasErrors || [...this.found.values()].some((d) => d.severity === 'error');
  }
  has(code: Code): boolean {
    return [...this.found.values()].some((d) => d.code === code);
  }
  get size(): number {
    return this.found.size;
  }
  /** All so far, by file and place. */
  sorted(): AdjointDiagnostic[] {
    return [...this.found.values()].sort(
      (a, b) =>
        (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.start - b.start || (a.code < b.code ? -1 : 1),
    );
  }
  addAll(other: Diagnostics): void {
    for (const [k, d] of other.found) this.found.set(k, d);
  }
}
