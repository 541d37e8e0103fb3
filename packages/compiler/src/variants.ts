/**
 * Which functions a marker call is compiled to. Most markers are one function of their own form; those of second derivatives
 * and of matrices are put together by the runtime from functions of the basic forms.
 */
import type { DiffSite, Lists } from './1-discover/discover.js';
import { type EntryForm, type MarkerStep, PLAIN } from './host/marker.js';
import type { ArrayType, Module, Type } from './ir/nodes.js';
import { gradientType, isPlainTree } from './ir/type-questions.js';
import { carriesDerivative } from './ir/types.js';
import { walkOps } from './ir/visit.js';

export interface Variant extends DiffSite {
  readonly form: EntryForm;
  /** Ends the name of the generated function. */
  readonly suffix: string;
  /** How many tangents one run carries; more than one in vector forward mode. */
  readonly lanes: number;
  /** Of several tangents: the same for one, where the runtime has one left, or where code for several is too long. */
  readonly single?: Variant;
  /** The second argument is a tangent of the first, as the user gives it. */
  readonly takesTangent?: true;
  /** Where parts of the function are marked to run again: what computes the same and does so. */
  readonly again?: Variant;
  /** How check mode compares the generated function with the user's. */
  readonly checkedAs: string;
}

/** `inLanes`: one run may carry several tangents. */
export function variantsOf(site: DiffSite, inLanes: boolean): Variant[] {
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
    options: { ...PLAIN, argnums: site.options.argnums },
  };
  const columns = (suffix: string, step?: MarkerStep): Variant => {
    const single = as('jvp', suffix, step);
    const lanes = inLanes ? lanesFor(site) : 1;
    return lanes > 1 ? { ...single, suffix: `${suffix}_lanes`, lanes, single } : single;
  };
  switch (marker) {
    case 'hvp':
      return [{ ...as('hvp', 'hvp', gradient), ...tangentFirst(site) }];
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

/**
 * `hvp` as the gradient of the derivative along the vector: reverse mode is outermost, so that marked parts run again. The other way
 * round, the gradient's own sweeps would be recorded.
 */
function tangentFirst(site: DiffSite): Pick<Variant, 'again'> {
  const { argTypes, argNames, options, rest } = site;
  const [x, ...types] = argTypes;
  const [name, ...names] = argNames;
  if (options.argnums.some((k) => k !== 0) || !isPlainTree(x)) return {};
  const step: MarkerStep = { marker: 'tangent', options };
  const again: Variant = {
    ...site,
    form: 'grad',
    suffix: 'hvp',
    takesTangent: true,
    lanes: 1,
    chain: [...site.chain, step],
    argTypes: [x, gradientType(x), ...types],
    argNames: [name, `${name}Dot`, ...names],
    wanted: [0],
    options: { ...options, argnums: [0], single: true },
    rest: rest === undefined ? undefined : rest + 1,
    checkedAs: 'hvp of gradient',
  };
  return { again };
}

/**
 * For arguments that are lists of several kinds: how many combinations have a derivative of their own. Of what is differentiated the
 * gradient is a list of the same kind; the others are only read faster.
 */
const MOST_KINDS = { wanted: 9, other: 4 };

/** The lists among the arguments whose kind is asked for in each call, and the marker call for each combination of their kinds. */
export function kindsOf(site: DiffSite): {
  readonly lists: readonly Lists[];
  readonly sites: readonly DiffSite[];
} {
  const lists: Lists[] = [];
  let sites: readonly DiffSite[] = [site];
  const isWanted = ({ position }: Lists): boolean => site.wanted.includes(position);
  for (const list of [...site.lists.filter(isWanted), ...site.lists.filter((l) => !isWanted(l))]) {
    if (sites.length * list.kinds.length > MOST_KINDS[isWanted(list) ? 'wanted' : 'other']) continue;
    lists.push(list);
    sites = sites.flatMap((one) => list.kinds.map((kind) => withKind(one, list.position, kind)));
  }
  return { lists, sites };
}
function withKind(site: DiffSite, position: number, kind: ArrayType): DiffSite {
  const argTypes = site.argTypes.map((t, k): Type => {
    if (k !== position) return t;
    return t.kind === 'maybe' ? { kind: 'maybe', of: kind } : kind;
  });
  return { ...site, argTypes, ofKind: `${site.ofKind ?? ''}_${kind.ctor}` };
}

/** Tangents in one run: as many as were found to pay (docs/decisions/016-vector-forward-mode.md). */
const MOST_LANES = 3;

/** Where the types tell how many columns there are, the runs are of about equal size. */
function lanesFor(site: DiffSite): number {
  const columns = columnsOf(site);
  if (columns === 0) return 1;
  return columns === Infinity ? MOST_LANES : Math.ceil(columns / Math.ceil(columns / MOST_LANES));
}
/** Whether no column may be left over. */
export const fillsLanes = (variant: Variant): boolean => columnsOf(variant) % variant.lanes === 0;

/** How many numbers the arguments hold that are differentiated; infinity if the types do not tell. */
const columnsOf = ({ argTypes, wanted }: DiffSite): number =>
  wanted.reduce((n, k) => n + numbersIn(argTypes[k]), 0);

function numbersIn(type: Type, open: ReadonlySet<Type> = new Set()): number {
  if (type.kind === 'number') return 1;
  if (!carriesDerivative(type)) return 0;
  if (type.kind !== 'record' || open.has(type)) return Infinity;
  const inner = new Set(open).add(type);
  return type.fields.reduce((n, f) => n + numbersIn(f.type, inner), 0);
}

/** Engines leave functions of more operations as slow as they begin (V8: 60 kB of bytecode). */
const MOST_OPERATIONS = 3000;

/** Whether one of the functions is too long to be compiled at run time. */
export function isLong({ funcs }: Module): boolean {
  const counts = [...funcs.values()].map((f) => {
    let count = 0;
    walkOps(f.body, () => count++);
    return count;
  });
  return Math.max(...counts) > MOST_OPERATIONS;
}
