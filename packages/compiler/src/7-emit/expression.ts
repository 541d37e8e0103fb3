/** Texts of expressions with their precedence, and the variables and memory that they read. */
import type { Constant } from '../3-simplify/fold.js';

export interface Text {
  readonly code: string;
  /** JavaScript precedence (MDN's table); 18 for atoms, 17 for calls and accesses, 14 for unary. */
  readonly prec: number;
  /** Variables that may change later. */
  readonly reads: ReadonlySet<string>;
  readonly readsMemory: boolean;
}

const NONE: ReadonlySet<string> = new Set();

export const atom = (code: string): Text => ({ code, prec: 18, reads: NONE, readsMemory: false });

export function constantText(value: Constant): Text {
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return atom('NaN');
    const negative = value < 0 || Object.is(value, -0);
    const magnitude = Math.abs(value);
    const code = magnitude === Number.POSITIVE_INFINITY ? 'Infinity' : String(magnitude);
    return negative ? { ...atom(`-${code}`), prec: 14 } : atom(code);
  }
  if (typeof value === 'string') return atom(JSON.stringify(value));
  return atom(String(value));
}

export const parenthesised = (t: Text, prec: number): string => (t.prec < prec ? `(${t.code})` : t.code);

/** The precedence that an expression needs between two pieces of text: of a member, of an operand, or of what stands between brackets and commas. */
export function precedenceBetween(before: string, after: string): number {
  if (/^(\?\.|[.[(])/.test(after)) return 17;
  const isEnclosed = /(^|[([{,]\s*)$/.test(before) && /^\s*([)\]},]|$)/.test(after);
  return isEnclosed ? 2 : 14;
}

/** A text made of others. */
export function combine(code: string, prec: number, parts: readonly Text[], readsMemory = false): Text {
  const reads = new Set<string>();
  for (const p of parts) for (const r of p.reads) reads.add(r);
  return {
    code,
    prec,
    reads: reads.size === 0 ? NONE : reads,
    readsMemory: readsMemory || parts.some((p) => p.readsMemory),
  };
}

/** `x = x + e` as `x += e` where the text has that form. */
export function assignment(name: string, t: Text): string {
  const m = /^([A-Za-z_$][\w$]*) ([-+*/]) /.exec(t.code);
  if (m && m[1] === name) {
    const rest = t.code.slice(m[0].length);
    const prec = m[2] === '+' || m[2] === '-' ? 11 : 12;
    if (t.prec === prec && isSingleOperand(rest, prec)) return `${name} ${m[2]}= ${rest};`;
  }
  return `${name} = ${t.code};`;
}

/** Whether the right side has no operator of this or lower precedence outside parentheses. */
function isSingleOperand(text: string, prec: number): boolean {
  let depth = 0;
  for (let k = 0; k < text.length; k++) {
    const c = text[k];
    if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (
      depth === 0 &&
      c === ' ' &&
      '+-*/%<>=&|?:^'.includes(text[k + 1] ?? '') &&
      text[k + 2] !== undefined
    ) {
      const op = text.slice(k + 1).split(' ')[0];
      const p = op === '**' ? 13 : '*/%'.includes(op) ? 12 : 11;
      if (p <= prec) return false;
    }
  }
  return true;
}
