/** Lanes of vector forward mode: tangents that go along with one primal. All other modes have one lane. */
import { OPAQUE, type ValueId, type ValueTable } from '../ir/nodes.js';
import { type CheckedTwins, ShadowAssertions } from './shadow-assertions.js';

/** One of the tangents that are carried. */
export interface Lane {
  readonly index: number;
  /** The tangent, or the shadow, of each primal value. */
  readonly twins: Map<ValueId, ValueId>;
  readonly assertions: ShadowAssertions;
  /** What is appended to the name of a primal value. */
  readonly suffix: string;
}

interface Lanes {
  readonly mode: 'tangent' | 'structure';
  readonly lanes?: number;
  readonly suffix?: string | undefined;
  readonly checks?: CheckedTwins | undefined;
}

export function lanesOf(values: ValueTable, { mode, lanes = 1, checks, ...o }: Lanes): Lane[] {
  const suffix = o.suffix ?? (mode === 'tangent' ? 'Dot' : 'Bar');
  return Array.from({ length: lanes }, (_, index) => ({
    index,
    twins: new Map<ValueId, ValueId>(),
    assertions: new ShadowAssertions(values, checks && (index === 0 ? checks : apart(values, checks))),
    suffix: suffix + laneName(index, lanes),
  }));
}

/** What tells the names of a lane from those of the others. */
export const laneName = (index: number, lanes: number): string => (lanes > 1 ? String(index) : '');

/** An object has one shadow in each lane. */
const apart = (values: ValueTable, checks: CheckedTwins): CheckedTwins => ({
  ...checks,
  entry: values.fresh({ type: OPAQUE, name: 'checks' }),
});
