/** The bit operators: integers in, integers out, derivative zero. */
import { infix, PREC, prefix, type Traits } from './define.js';
import type { ScalarRule } from './types.js';

const KILL: Omit<Traits, 'evaluate'> = { derivative: 'kill', cost: 1, foldable: true };

export const BITS: readonly ScalarRule[] = [
  infix('bitand', '&', PREC.bitand, { evaluate: (a, b) => a & b, ...KILL }),
  infix('bitor', '|', PREC.bitor, { evaluate: (a, b) => a | b, ...KILL }),
  infix('bitxor', '^', PREC.bitxor, { evaluate: (a, b) => a ^ b, ...KILL }),
  infix('shl', '<<', PREC.shift, { evaluate: (a, b) => a << b, ...KILL }),
  infix('shr', '>>', PREC.shift, { evaluate: (a, b) => a >> b, ...KILL }),
  infix('ushr', '>>>', PREC.shift, { evaluate: (a, b) => a >>> b, ...KILL }),
  prefix('bitnot', '~', { evaluate: (a) => ~a, ...KILL }),
];
