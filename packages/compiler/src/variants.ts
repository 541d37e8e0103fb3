/**
 * Which functions a marker call is compiled to. Most markers are one function of their own form; those of second derivatives
 * and of matrices are put together by the runtime from functions of the basic forms.
 */
import type { DiffSite } from './1-discover/discover.js';
import type { EntryForm, MarkerStep } from './host/marker.js';
import type { Type } from './ir/nodes.js';
import { carriesDerivative } from './ir/types.js';

export interface Variant extends DiffSite {
  readonly form: EntryForm;
  /** Ends the name of the generated function. */
  readonly suffix: string;
  /** How many tangents one run carries, in forward mode. */
  readonly lanes: number;
  /** The same for several tangents, where the runtime has many of them. */
  readonly vector?: Variant;
  /** How check mode compares the generated function with the user's. */
  readonly checkedAs: string;
}

export function variantsOf(site: DiffSite): Variant[] {
  const { marker } = site;
  const as = (form: EntryForm, suffix: string, step?: MarkerStep): Variant => ({
    ...site,
    form,
    suffix,
    lanes: 1,
    chain: step ? [...site.chain, step] : site.chain,
    checkedAs: step ? `${form} of gradient` : form,
  });
  const gradient: MarkerStep = {
    marker: 'grad',
    options: {
      argnums: site.options.argnums,
      single: true,
      accumulate: false,
      aux: false,
      wrt: undefined,
      backend: 'adjoint',
    },
  };
  const lanes = lanesFor(site);
  const columns = (suffix: string, step?: MarkerStep): Variant => {
    const single = as('jvp', suffix, step);
    return lanes > 1 ? { ...single, vector: { ...single, suffix: `${suffix}_lanes`, lanes } } : single;
  };
  switch (marker) {
    case 'hvp':
      return [as('hvp', 'hvp', gradient)];
    case 'hessian':
    case 'sparseHessian':
      return [columns('hessian', gradient)];
    case 'jacfwd':
      return [columns('jacfwd')];
    case 'jacrev':
      return [as('vjp', 'jacrev')];
    case 'jacobian':
    case 'sparseJacobian':
      return [columns('jacfwd'), as('vjp', 'jacrev')];
    default:
      return [as(marker, marker)];
  }
}

/** Tangents in one run: as many as were found to pay (docs/decisions/016-vector-forward-mode.md). */
const MOST_LANES = Number((globalThis as any).process.env.LANES ?? 4);

/** Of as many columns as the types tell, none is left for a run of its own. */
function lanesFor({ argTypes, wanted }: DiffSite): number {
  const columns = wanted.reduce((n, k) => n + numbersIn(argTypes[k]), 0);
  if (columns === 0) return 1;
  return columns === Infinity ? MOST_LANES : Math.ceil(columns / Math.ceil(columns / MOST_LANES));
}
/** How many numbers a value of a type holds; infinity if the type does not tell. */
function numbersIn(type: Type, open: ReadonlySet<Type> = new Set()): number {
  if (type.kind === 'number') return 1;
  if (!carriesDerivative(type)) return 0;
  if (type.kind !== 'record' || open.has(type)) return Infinity;
  const inner = new Set(open).add(type);
  return type.fields.reduce((n, f) => n + numbersIn(f.type, inner), 0);
}
