/**
 * `--memory`: what one call of a generated gradient keeps, measured while it runs, at two sizes; the differences give
 * bytes an item. Runs in a process of its own: it puts a marked tape into the pool of generated code and counts
 * what the constructor of typed arrays makes, which would slow down a timed run.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acquireTape, releaseTape } from 'adjoint/internal';
import type { MemoryMeasure } from './problem.js';
import { problems } from './problems/index.js';
import { rightAligned, threeFigures } from './report.js';

/** Numbers that the marked tape has room for. */
const CAPACITY = 1 << 22;
/** Stands in each slot of the tape before a call: a number that no problem computes. */
const UNUSED = -1.2345678901234567e-301;
const BYTES = Float64Array.BYTES_PER_ELEMENT;

interface Kept {
  /** Bytes of the highest mark of the tape. */
  readonly tape: number;
  /** References on the tape, at its highest mark. */
  readonly references: number;
  /** Bytes of typed arrays that were made. */
  readonly arrays: number;
}

let arrays = 0;
globalThis.Float64Array = new Proxy(Float64Array, {
  construct(target, args, newTarget) {
    const made: Float64Array = Reflect.construct(target, args, newTarget);
    arrays += made.byteLength;
    return made;
  },
});

/** The tape that the next evaluation gets, with every slot unused. */
function markedTape() {
  const data = new Float64Array(CAPACITY).fill(UNUSED);
  let references = 0;
  const refs = new Proxy<unknown[]>([], {
    set(target, key, value) {
      if (key !== 'length') references = Math.max(references, Number(key) + 1);
      return Reflect.set(target, key, value);
    },
  });
  const tape = Object.assign(acquireTape(), { data, refs });
  releaseTape(tape, 0);
  return {
    bytes: () => {
      if (tape.data !== data) throw new Error('the tape has outgrown its room');
      return BYTES * (data.findLastIndex((slot) => slot !== UNUSED) + 1);
    },
    references: () => references,
  };
}

function keptBy(call: (i: number) => number): Kept {
  const tape = markedTape();
  arrays = 0;
  call(0);
  return { arrays, tape: tape.bytes(), references: tape.references() };
}

function perItem({ sizes, instance, items = (size) => size }: MemoryMeasure) {
  const [small, large] = sizes.map((size) => {
    const { generated, primal } = instance(size);
    const kept = keptBy(generated);
    return { ...kept, arrays: kept.arrays - keptBy(primal).arrays };
  });
  const more = items(sizes[1]) - items(sizes[0]);
  return {
    tape: (large.tape - small.tape) / more,
    references: (large.references - small.references) / more,
    arrays: (large.arrays - small.arrays) / more,
  };
}

const results = problems.flatMap(({ name, memory }) =>
  memory ? [{ problem: name, unit: memory.unit, bar: memory.bar, ...perItem(memory) }] : [],
);
const rows = results.map((r) => [
  r.problem,
  r.unit,
  threeFigures(r.tape),
  String(r.bar),
  threeFigures(r.references),
  threeFigures(r.arrays),
  r.tape <= r.bar ? '' : 'missed',
]);
console.log(
  'What a generated gradient keeps, in bytes an item (typed arrays: beyond those of the function itself)\n',
);
console.log(rightAligned([['problem', 'item', 'tape', 'bar', 'references', 'typed arrays', ''], ...rows], 2));
writeFileSync(join(process.argv[2], 'memory.json'), `${JSON.stringify(results, null, 2)}\n`);
