/** TypeScript types of emitted parameters and variables: as plain as strict checking allows. */
import type { Type } from '../ir/nodes.js';

export function typeText(t: Type): string {
  switch (t.kind) {
    case 'number':
    case 'boolean':
      return t.kind;
    case 'array':
      if (t.storage === 'keyed') return 'any';
      if (t.storage !== 'plain') return t.ctor;
      return t.elem.kind === 'number' || t.elem.kind === 'array' ? `${typeText(t.elem)}[]` : 'any[]';
    default:
      return 'any';
  }
}
