/** Mutants that no program can notice by its results, each with the reason. A mutant that is noticed all the same counts as killed. */

/** Questions that one answer makes only slower: `[question, safe answer, why]`. The other answer has to be noticed. */
const SAFE: readonly (readonly [question: string, answer: 'yes' | 'no' | 'none', why: string])[] = [
  ['3-simplify/simplify cheapBoolean', 'no', 'a branch stays a branch'],
  ['3-simplify/simplify cheapBoolean.cheap', 'no', 'a branch stays a branch'],
  ['3-simplify/simplify if.same', 'none', 'what both arms give alike stays a result of the branch'],
  ['3-simplify/simplify callEffects.visit', 'yes', 'calls without effect stay'],
  ['3-simplify/growth below', 'no', 'arrays that keep their length count as growing'],
  ['3-simplify/gaps isNoGap', 'no', 'tests for holes stay, and find none'],
  ['3-simplify/gaps staysInBounds', 'no', 'tests for holes stay, and find none'],
  ['3-simplify/gaps shortens', 'no', 'tests for holes stay, and find none'],
  ['3-simplify/gaps contains', 'no', 'tests for holes stay, and find none'],
  ['3-simplify/scalars ref', 'yes', 'numbers are followed too, and are never objects'],
  ['3-simplify/integers assumeCarried.holds', 'no', 'loops keep their tests, and their trips are counted'],
  ['3-simplify/counted recogniseCountedLoop', 'none', 'loops keep their tests, and their trips are counted'],
  ['3-simplify/counted recogniseCountedLoop.isInvariant', 'no', 'as if it were not counted'],
  ['3-simplify/counted recogniseCountedLoop.isCounter', 'no', 'as if it were not counted'],
  ['3-simplify/counted findHeader', 'none', 'as if it were not counted'],
  ['3-simplify/counted inductionOf', 'none', 'as if it were not counted'],
  ['4-analyse/activity analyseActivity.sweep.leaf', 'yes', 'references move too, and carry nothing'],
  ['4-analyse/activity analyseActivity.both', 'yes', 'slots get cotangents that are zero'],
  ['4-analyse/activity analyseActivity.activeRef', 'yes', 'objects get shadows that stay zero'],
  ['4-analyse/activity analyseActivity.activeSlot', 'yes', 'slots get cotangents that are zero'],
  ['6-record/record isFree', 'no', 'what is at hand is stored too'],
  ['6-record/record tellsMissing', 'yes', 'values are stored that could be computed again'],
  ['6-record/places stable', 'no', 'loads are stored that could be repeated'],
  ['6-record/places isElsewhere', 'no', 'loads are stored that could be repeated'],
  ['3-simplify/elements differs', 'no', 'loads are stored that could be repeated'],
  ['3-simplify/elements areApart', 'no', 'loads are stored that could be repeated'],
  ['3-simplify/elements isInRow', 'no', 'loads are stored that could be repeated'],
  ['3-simplify/elements isWhole', 'no', 'loads are stored that could be repeated'],
  ['3-simplify/elements isFixed', 'no', 'loads are stored that could be repeated'],
  ['3-simplify/local-sums isLocal', 'no', 'sums are added to their slots in each trip'],
  ['3-simplify/local-sums isElsewhere', 'no', 'sums are added to their slots in each trip'],
  ['3-simplify/local-sums mayNotice', 'yes', 'sums are added to their slots in each trip'],
  ['6-record/upward onlyAdds', 'no', 'the reverse loop runs backwards'],
  ['6-record/upward isKnownAgain', 'no', 'the reverse loop runs backwards'],
  ['6-record/last-chosen onlyLastMatters', 'no', 'the reverse loop runs through all trips'],
  ['6-record/short-steps isShort', 'no', 'steps stay calls'],
  ['6-record/short-steps keepsOutside', 'no', 'steps stay calls'],
  ['6-record/record recomputation', 'none', 'all is stored'],
  ['6-record/record branchRecomputation', 'none', 'what branches give is stored'],
  [
    '5-differentiate/facts analyseReferences.isInt',
    'no',
    'bounds are rounded, and computing again costs more',
  ],
  ['5-differentiate/derive directOut', 'no', '`gradInto` copies the gradient when it is complete'],
  [
    '5-differentiate/derivation differentiates.any',
    'yes',
    'functions without anything active get halves too',
  ],
  ['5-differentiate/derivation differentiates', 'yes', 'functions without anything active get halves too'],
  [
    '5-differentiate/reverse hasFiniteBound',
    'yes',
    'a loop without bound and without exit of its own is left further out, where it is noted how far it came',
  ],
  [
    '5-differentiate/nested reverse.forwards',
    'yes',
    'a function without halves keeps its name, and derivatives inside pass no hidden arguments',
  ],
  ['5-differentiate/facts analyseReferences.late', 'no', 'shadows are made in the forward sweep'],
  ['5-differentiate/derive reverseMode.late', 'no', 'shadows are made in the forward sweep'],
  ['5-differentiate/nested reverse.late', 'no', 'shadows are made in the forward sweep'],
  [
    '5-differentiate/reverse isHeader',
    'no',
    'the test of a loop is asked again for the trips that were run, where it does not leave',
  ],
  ['5-differentiate/derive forwardMode.late', 'yes', 'forward mode does not ask'],
  ['5-differentiate/derive forwardMode.late', 'no', 'forward mode does not ask'],
  ['5-differentiate/derive forwardMode.growable', 'yes', 'is always so'],
  ['5-differentiate/nested forward.late', 'yes', 'forward mode does not ask'],
  ['5-differentiate/nested forward.late', 'no', 'forward mode does not ask'],
  ['5-differentiate/nested forward.growable', 'yes', 'is always so'],
];

const NOT_A_NUMBER = 'the condition is no number and has no cotangent';
const ZERO = 'is zero as it is';
const NO_FILL = 'lowering fills arrays by loops of the library, never where they are made';

/** Others. */
const OTHERS: Readonly<Record<string, string>> = {
  'rule select 0: flipped': NOT_A_NUMBER,
  'rule select 0: dropped': NOT_A_NUMBER,
  'rule valueOf 0: flipped': ZERO,
  'rule valueOf 0: dropped': ZERO,
  '5-differentiate/reverse op: sumInto(op.results[0], op.fill): removed': NO_FILL,
  '5-differentiate/reverse sumInto: b.maybeZero.add(c): removed': NO_FILL,
  '5-differentiate/reverse sumInto: add(fill, c): removed': NO_FILL,
  '5-differentiate/facts analyseReferences.visit: shared.add(op.fill): removed': NO_FILL,
  '5-differentiate/facts analyseReferences.visit: integers.add(op.results[0]) #3: removed':
    'bounds are rounded, and computing again costs more',
  '5-differentiate/reverse sum: cots.set(op.results[0], undefined): removed': NO_FILL,
  '5-differentiate/reverse sum: b.forEach(this.b.length(op.args[0]), (index) => this.b.ac...: removed':
    NO_FILL,
  '5-differentiate/twin literal: b.store(twin, { index: b.num(k) }, dot): removed':
    'in forward mode every array may grow: the tangent of a literal is a plain array, and a literal itself',
  '3-simplify/counted uses: no':
    'loops over elements use their trip counter and test it first; those of a derivative give it out at their test: neither gets here',
  '6-record/backward placeRecomputed: done.add(d.op): removed':
    'a branch with several results is computed again for each of them, one right after the other: the same values',
  '6-record/backward argsOf.visit: inner.add(p): removed':
    'of operations with regions only branches are computed again, and without loops in them no region has parameters',
  '6-record/record plan: promoted.add(a): removed':
    'what a recomputation reads went through the queue, which promotes values of the root',
  '6-record/record branchRecomputation.visit: inside.add(x): removed':
    'values inside a branch count as read by it: the cut chooses at other prices, the values are the same',
  '5-differentiate/reverse restore: cots.set(op.results[k], undefined): removed':
    'nothing reads the cotangent of a value once its definition is reversed',
  '5-differentiate/facts analyseReferences: growing.add(memory.classOf(op.ref)): removed':
    'what the analysis of memory has not proved to stay in bounds grows already',
  '5-differentiate/facts analyseReferences.visit: fresh.add(op.results[0]): removed':
    'shadows are made in the forward sweep',
  '5-differentiate/facts analyseReferences.visit: fresh.add(op.results[0]) #2: removed':
    'shadows are made in the forward sweep',
};

export const EQUIVALENT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(SAFE.map(([question, answer, why]) => [`${question}: ${answer}`, why])),
  ...OTHERS,
};
