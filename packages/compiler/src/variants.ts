/**
 * Which functions a marker call is compiled to. Most markers are one function of their own form; those of second derivatives
 * and of matrices are put together by the runtime from functions of the basic forms.
 */
import type { DiffSite } from './1-discover/discover.js';
import type { EntryForm, MarkerStep } from './host/marker.js';

export interface Variant extends DiffSite {
  readonly form: EntryForm;
  /** Ends the name of the generated function. */
  readonly suffix: string;
  /** How check mode compares the generated function with the user's. */
  readonly checkedAs: string;
}

export function variantsOf(site: DiffSite): Variant[] {
  const { marker } = site;
  const as = (form: EntryForm, suffix: string, step?: MarkerStep): Variant => ({
    ...site,
    form,
    suffix,
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
  switch (marker) {
    case 'hvp':
      return [as('hvp', 'hvp', gradient)];
    case 'hessian':
    case 'sparseHessian':
      return [as('jvp', 'hessian', gradient)];
    case 'jacfwd':
      return [as('jvp', 'jacfwd')];
    case 'jacrev':
      return [as('vjp', 'jacrev')];
    case 'jacobian':
    case 'sparseJacobian':
      return [as('jvp', 'jacfwd'), as('vjp', 'jacrev')];
    default:
      return [as(marker, marker)];
  }
}
