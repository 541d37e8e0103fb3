/** Mutants that no program can notice by its results, each with the reason. A mutant that is noticed all the same counts as killed. */

const GROWS = 'arrays that keep their length count as growing';
const HOLES = 'tests for holes stay, and find none';
const FIELDS = 'fields are stored behind the making of their object';
const EMPTIED = 'slots are emptied that get back what was taken';
const FOLD = 'arithmetic stays that could be left out';
const COUNTED = 'loops keep their tests, and their trips are counted';
const RECORDED = 'what could run again is recorded';
const SKIPPED = 'reverse loops run although nothing comes to them';
const RANGE = 'slots that are there are taken for slots that may be missing';
const BOUNDS = 'bounds are rounded, and computing again costs more';
const IDLE = 'functions are differentiated where nobody asks for the derivative';
const APART = 'the loop is not fused with its reverse';
const REPORT = 'the report says less';
const STORED = 'values are stored that could be computed again';
const LOCAL = 'sums are added to their slots in each trip';
const BACKWARDS = 'the reverse loop runs backwards';
const LAST = 'the reverse loop runs through all trips';
const CALLS = 'steps stay calls';

/** Questions that one answer makes only slower: `[question, safe answer, why]`. The other answer has to be noticed. */
const SAFE: readonly (readonly [question: string, answer: 'yes' | 'no' | 'none' | 'removed', why: string])[] =
  [
    ['3-simplify/simplify cheapBoolean', 'no', 'a branch stays a branch'],
    ['3-simplify/simplify cheapBoolean.cheap', 'no', 'a branch stays a branch'],
    ['3-simplify/simplify if.same', 'none', 'what both arms give alike stays a result of the branch'],
    ['3-simplify/simplify callEffects.visit', 'yes', 'calls without effect stay'],
    ['3-simplify/growth below', 'no', GROWS],
    ['3-simplify/gaps isNoGap', 'no', HOLES],
    ['3-simplify/gaps staysInBounds', 'no', HOLES],
    ['3-simplify/gaps shortens', 'no', HOLES],
    ['3-simplify/gaps contains', 'no', HOLES],
    ['3-simplify/scalars ref', 'yes', 'numbers are followed too, and are never objects'],
    ['3-simplify/integers assumeCarried.holds', 'no', COUNTED],
    ['3-simplify/counted recogniseCountedLoop', 'none', COUNTED],
    ['3-simplify/counted recogniseCountedLoop.isInvariant', 'no', 'as if it were not counted'],
    ['3-simplify/counted recogniseCountedLoop.isCounter', 'no', 'as if it were not counted'],
    ['3-simplify/counted findHeader', 'none', 'as if it were not counted'],
    ['3-simplify/counted inductionOf', 'none', 'as if it were not counted'],
    ['4-analyse/activity analyseActivity.sweep.leaf', 'yes', 'references move too, and carry nothing'],
    ['4-analyse/activity analyseActivity.both', 'yes', 'slots get cotangents that are zero'],
    ['4-analyse/activity analyseActivity.activeRef', 'yes', 'objects get shadows that stay zero'],
    ['4-analyse/activity analyseActivity.activeSlot', 'yes', 'slots get cotangents that are zero'],
    ['6-record/record isFree', 'no', 'what is at hand is stored too'],
    ['6-record/record tellsMissing', 'yes', STORED],
    ['6-record/places stable', 'no', 'loads are stored that could be repeated'],
    ['6-record/places isElsewhere', 'no', 'loads are stored that could be repeated'],
    ['3-simplify/elements differs', 'no', 'loads are stored that could be repeated'],
    ['3-simplify/elements areApart', 'no', 'loads are stored that could be repeated'],
    ['3-simplify/elements isInRow', 'no', 'loads are stored that could be repeated'],
    ['3-simplify/elements isWhole', 'no', 'loads are stored that could be repeated'],
    ['3-simplify/elements isFixed', 'no', 'loads are stored that could be repeated'],
    ['3-simplify/local-sums isLocal', 'no', LOCAL],
    ['3-simplify/local-sums isElsewhere', 'no', LOCAL],
    ['3-simplify/local-sums mayNotice', 'yes', LOCAL],
    ['6-record/upward onlyAdds', 'no', BACKWARDS],
    ['6-record/upward isKnownAgain', 'no', BACKWARDS],
    ['6-record/last-chosen onlyLastMatters', 'no', LAST],
    ['6-record/short-steps isShort', 'no', CALLS],
    ['6-record/short-steps keepsOutside', 'no', CALLS],
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
    ['3-simplify/growth constant', 'none', GROWS],
    ['3-simplify/growth isNonNegative', 'no', GROWS],
    ['3-simplify/growth inBounds', 'no', GROWS],
    ['3-simplify/gaps hasGapTests', 'yes', 'the analysis runs where nothing asks'],
    ['3-simplify/gaps hasGapTests', 'no', HOLES],
    ['3-simplify/gaps contains', 'yes', 'the analysis runs where nothing asks'],
    ['3-simplify/gaps foldGapTests.known', 'no', HOLES],
    ['3-simplify/gaps leavesOut', 'yes', HOLES],
    ['3-simplify/gaps isPlain', 'yes', HOLES],
    ['3-simplify/gaps appends', 'no', HOLES],
    ['3-simplify/gaps mayResize', 'yes', HOLES],
    ['3-simplify/gaps runsTo', 'no', HOLES],
    ['3-simplify/gaps isOnlyFilled', 'no', HOLES],
    ['3-simplify/initial uses', 'yes', FIELDS],
    ['3-simplify/initial uses', 'no', FIELDS],
    ['3-simplify/scalars key', 'none', 'objects stay that could be variables'],
    ['3-simplify/scalars candidates.fits', 'no', 'objects stay that could be variables'],
    ['3-simplify/scalars literal', 'no', 'the object stays beside its variables, and nothing reads it'],
    ['3-simplify/scalars access', 'no', 'the access stays beside the variable, and nothing reads it'],
    ['3-simplify/self-updates isShadowOfNumbers', 'no', EMPTIED],
    ['3-simplify/self-updates contentAt', 'none', EMPTIED],
    ['3-simplify/self-updates addedBack', 'none', EMPTIED],
    ['3-simplify/self-updates without', 'none', EMPTIED],
    ['3-simplify/self-updates without.rest', 'none', EMPTIED],
    ['3-simplify/self-updates mayWrite', 'yes', EMPTIED],
    ['3-simplify/self-updates notices', 'yes', EMPTIED],
    ['3-simplify/self-updates mayDoAnything', 'yes', EMPTIED],
    ['3-simplify/self-updates takesObjects', 'yes', EMPTIED],
    ['3-simplify/self-updates isSameSlot', 'yes', EMPTIED],
    ['3-simplify/self-updates isSamePlace', 'no', EMPTIED],
    ['3-simplify/fold fold.asNumber', 'none', FOLD],
    ['3-simplify/simplify isNumber', 'no', FOLD],
    ['3-simplify/simplify isPresent', 'no', FOLD],
    ['3-simplify/simplify isResultOfArithmetic', 'no', FOLD],
    ['3-simplify/simplify definition', 'none', FOLD],
    ['3-simplify/simplify if.gone', 'no', 'branches that do nothing stay'],
    ['3-simplify/simplify exitsAreIntegers', 'no', COUNTED],
    ['3-simplify/integers has', 'no', COUNTED],
    ['3-simplify/counted inductionOf.constant', 'none', COUNTED],
    ['3-simplify/counted uses', 'yes', COUNTED],
    [
      '3-simplify/counted recogniseCountedLoop.isCounter',
      'yes',
      'a bound is no carried value, and has no step: as if the loop were not counted',
    ],
    ['3-simplify/deadcode isRoot', 'yes', 'what nothing reads stays'],
    ['3-simplify/logs canBeNoted', 'no', RECORDED],
    ['3-simplify/logs hasEffects', 'no', RECORDED],
    ['3-simplify/logs lastingOps.isLasting', 'no', 'what gives the same again is noted too'],
    ['3-simplify/outline leavesOnlyItself', 'no', RECORDED],
    ['4-analyse/told callsOutside', 'yes', 'check mode looks where nothing is told'],
    ['4-analyse/told withNotices.isTold', 'yes', 'check mode looks where nothing is told'],
    ['4-analyse/several-runs stateOfRuns.isWritten', 'yes', 'objects are put back that no run changes'],
    ['5-differentiate/executed isDear', 'yes', 'cheap operations are used again instead of done again'],
    ['5-differentiate/executed isDear', 'no', 'dear functions are called again'],
    ['5-differentiate/executed find', 'none', 'dear functions are called again'],
    ['5-differentiate/guards onlyReads', 'no', SKIPPED],
    ['5-differentiate/guards onlyReads.reads', 'no', SKIPPED],
    ['5-differentiate/guards passesZero', 'no', SKIPPED],
    [
      '5-differentiate/guards passesZero',
      'yes',
      'a reverse loop is skipped that would add multiples of zero',
    ],
    ['5-differentiate/guards guardOf', 'none', SKIPPED],
    ['5-differentiate/builder constant', 'none', 'general forms and guards where an operand is constant'],
    ['5-differentiate/builder scalar: unchosen.add(id)', 'removed', SKIPPED],
    ['5-differentiate/reverse choose: b.unchosen.add(results[k])', 'removed', SKIPPED],
    [
      '5-differentiate/reverse choose.inner',
      'no',
      'the cotangent of a value inside becomes a result of the branch that nothing reads',
    ],
    ['5-differentiate/facts analyseReferences.notNegative', 'no', RANGE],
    ['5-differentiate/facts analyseReferences.inRange', 'no', RANGE],
    ['5-differentiate/facts analyseReferences.visit: integers.add(op.results[0])', 'removed', BOUNDS],
    ['5-differentiate/facts analyseReferences.visit: integers.add(op.results[0]) #2', 'removed', BOUNDS],
    ['5-differentiate/facts analyseReferences.visit: integers.add(iv)', 'removed', BOUNDS],
    ['5-differentiate/facts analyseReferences.visit: nonNegative.add(op.results[0])', 'removed', RANGE],
    ['5-differentiate/facts analyseReferences.visit: nonNegative.add(op.results[0]) #2', 'removed', RANGE],
    ['5-differentiate/facts analyseReferences.visit: nonNegative.add(iv)', 'removed', RANGE],
    ['5-differentiate/facts analyseReferences.growable', 'yes', 'shadows are arrays that could grow'],
    ['5-differentiate/entry-paths checkPaths.nested', 'yes', 'one path is looked at, and meets none'],
    ['5-differentiate/idle-calls idleCalls.isContained', 'no', IDLE],
    ['5-differentiate/idle-calls idleCalls.hasDerivative', 'yes', IDLE],
    ['5-differentiate/idle-calls changes', 'yes', IDLE],
    ['5-differentiate/idle-calls writesOwnOnly', 'no', IDLE],
    ['5-differentiate/out-paths arraysBeside', 'none', '`gradInto` copies the gradient when it is complete'],
    ['5-differentiate/derive slotShadow', 'none', '`gradInto` copies the gradient when it is complete'],
    ['5-differentiate/derive checkpoints', 'none', RECORDED],
    [
      "5-differentiate/steps begin: b.runtime('watchSteps', [plan], [], 'effect', undefined)",
      'removed',
      'check mode looks at less',
    ],
    ['5-differentiate/steps isOneByOne', 'no', 'several steps are recorded at once'],
    ['5-differentiate/steps isNumbers', 'no', 'numbers are kept as other states are'],
    ['5-differentiate/steps roots.isWritten', 'yes', 'objects are kept that no step changes'],
    ['5-differentiate/reruns givesViews', 'yes', RECORDED],
    ['5-differentiate/reruns mayAppear', 'yes', RECORDED],
    ['5-differentiate/reruns isRestructured', 'yes', 'shadows follow a structure that did not change'],
    ['5-differentiate/reruns mayGrow', 'yes', 'shadows follow a structure that did not change'],
    [
      '5-differentiate/reruns walk.inside.ops: fresh.add(op.results[0])',
      'removed',
      'shadows follow a structure that did not change, or all is recorded',
    ],
    ['5-differentiate/checkpoints keptFor.isKept', 'yes', 'objects are kept that nobody changes'],
    [
      "5-differentiate/checkpoints recordAndReverse: b.runtime('countTaped', [], [], 'effect', undefined)",
      'removed',
      'a figure for reports',
    ],
    [
      "5-differentiate/checkpoints recordAndReverse: b.runtime('measureTape', [plan.plan, tape.value, plan.ste...",
      'removed',
      'snapshots are planned by the first guess of what a step takes',
    ],
    ['6-record/carried isUnchanged', 'no', APART],
    ['6-record/carried isSum', 'no', APART],
    ['6-record/carried isHandedOn', 'no', APART],
    ['6-record/carried next', 'none', APART],
    ['6-record/carried reads', 'yes', APART],
    ['6-record/drains constantOf', 'none', APART],
    ['6-record/drains oneArray', 'none', APART],
    ['6-record/drains indexOf', 'none', APART],
    ['6-record/drains isOwnPlace', 'no', APART],
    ['6-record/drains differs', 'no', APART],
    ['6-record/drains differs.isFixed', 'no', APART],
    ['6-record/drains differs.isFactor', 'no', APART],
    ['6-record/drains leavesZeros', 'no', APART],
    ['6-record/drains isDirtyAfter', 'yes', APART],
    ['6-record/drains isDirtyAfter: emptied.add(k)', 'removed', APART],
    ['6-record/drains isAll', 'no', APART],
    ['6-record/drains empties', 'no', APART],
    ['6-record/drains keepsOrder', 'no', APART],
    ['6-record/drains isBelow', 'no', APART],
    ['6-record/drains visitsAll', 'no', APART],
    ['6-record/drains isUpwards', 'no', APART],
    ['6-record/certificate isSumOfLeaves', 'no', APART],
    ['6-record/certificate ofMemory.isAllowed', 'no', APART],
    ['6-record/fuse known.of', 'none', APART],
    ['6-record/fuse known.forwardOf', 'none', APART],
    ['6-record/fuse known.isFloat64', 'no', APART],
    ['6-record/fuse known.isInside', 'yes', APART],
    ['6-record/fuse isZero', 'no', 'a sum begins with a zero that could be left out'],
    ["6-record/fuse loops: reports.push({ label, span, outcome: { kind: 'apart', rea...", 'removed', REPORT],
    ['6-record/fuse loops: reports.push({ label, span, outcome: tried.outcome })', 'removed', REPORT],
    ['6-record/fuse inside: reports.push({ label: op.label, span: op.span, outcome: N...', 'removed', REPORT],
    ['6-record/fuse attempt.nameOf', 'none', REPORT],
    ['6-record/paths pathTo', 'none', APART],
    ['6-record/paths visibleAt: found.add(p)', 'removed', APART],
    ['6-record/paths visibleAt: found.add(v)', 'removed', APART],
    ['6-record/hoist hoist', 'none', APART],
    ['6-record/hoist make', 'none', APART],
    ['6-record/hoist handedOn', 'none', APART],
    ['6-record/hoist isArithmetic', 'no', APART],
    ['6-record/hoist makesShadow', 'no', APART],
    ['6-record/surroundings hoist', 'none', APART],
    ['6-record/surroundings constructor.hoister.definition', 'none', APART],
    ['6-record/surroundings constructor.hoister.isVisible', 'no', APART],
    ['6-record/running of', 'none', STORED],
    ['6-record/places accessOf', 'none', STORED],
    ['6-record/places stable.isBefore', 'no', STORED],
    ['6-record/running running', 'none', STORED],
    ['6-record/running constant', 'none', STORED],
    ['6-record/running isSmall', 'no', STORED],
    ['6-record/running isSmall.isStep', 'no', STORED],
    ['6-record/running indices.note: found.add(v)', 'removed', STORED],
    ['6-record/passed passedParameters: own?.add(k)', 'removed', STORED],
    ['6-record/passed constructor: ivs.add(op.body.params[0])', 'removed', STORED],
    ['6-record/passed need: needed.add(v)', 'removed', STORED],
    ['6-record/backward pops', 'yes', 'a reverse loop runs although nothing comes to it'],
    ['3-simplify/elements product', 'none', STORED],
    ['3-simplify/elements constant', 'none', STORED],
    ['3-simplify/elements index', 'none', STORED],
    ['3-simplify/bounds areImpossible', 'no', STORED],
    ['3-simplify/local-sums access', 'none', LOCAL],
    ['3-simplify/local-sums isInnermost', 'no', LOCAL],
    ['6-record/upward run', 'none', BACKWARDS],
    ['6-record/last-chosen run', 'none', LAST],
    ['6-record/last-chosen choice', 'none', LAST],
    ['6-record/last-chosen trip.isZero', 'no', LAST],
    ['6-record/last-chosen isProductOfZero', 'no', LAST],
    ['6-record/short-steps recordedStep', 'none', CALLS],
    ['6-record/short-steps mainLoop', 'none', CALLS],
    ['6-record/short-steps hasSteps', 'no', CALLS],
    ['6-record/short-steps hasSteps', 'yes', 'functions without steps are looked at'],
    ['3-simplify/elements misses', 'no', STORED],
    ['3-simplify/elements product.isStride', 'no', STORED],
    ['3-simplify/local-sums isLocal.isOutside', 'no', LOCAL],
    ['6-record/last-chosen choice.allowed', 'no', LAST],
    ['6-record/last-chosen build', 'none', LAST],
    ['6-record/last-chosen trip.run: zeros.add(op.results[0])', 'removed', LAST],
    ['6-record/last-chosen trip.run: zeros.add(result)', 'removed', LAST],
    ['6-record/short-steps recordedStep.isStep', 'no', CALLS],
    ['6-record/short-steps withoutIdleTapes.isTape', 'no', 'a tape is acquired that stays empty'],
    ['6-record/short-steps withoutIdleTapes.isIdle', 'no', 'a tape is acquired that stays empty'],
    [
      '5-differentiate/facts analyseReferences.constantOf',
      'none',
      'general forms and guards where an operand is constant',
    ],
    ['5-differentiate/instrument headerExit', 'none', 'the test of a loop is an exit like others'],
    ['5-differentiate/reverse active', 'yes', 'numbers get cotangents that nothing reads'],
    ['6-record/passed isAtHand', 'yes', 'the caller stores what it passes'],
    [
      '3-simplify/elements product.isStride',
      'yes',
      'a stride that a loop changes is another name for each access: never the same',
    ],
    ['3-simplify/local-sums isInnermost', 'yes', 'inner loops are passed over'],
    ['6-record/short-steps isShort', 'yes', 'steps that take long stand where they are called'],
    ['6-record/certificate isSumOfLeaves', 'yes', 'what a helper touches is asked of memory all the same'],
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
  '5-differentiate/facts analyseReferences: growing.add(memory.classOf(op.ref)): removed':
    'what the analysis of memory has not proved to stay in bounds grows already',
  '5-differentiate/facts analyseReferences.visit: fresh.add(op.results[0]): removed':
    'shadows are made in the forward sweep',
  '5-differentiate/facts analyseReferences.visit: fresh.add(op.results[0]) #2: removed':
    'shadows are made in the forward sweep',
  '5-differentiate/facts analyseReferences.visit: shared.add(op.value): removed':
    'an array that is stored and read again has another name; one that is not read needs no shadow where it is stored',
  '3-simplify/self-updates isShadowOfNumbers: yes':
    'what may be missing is added to under a guard, which is left as it is',
  '3-simplify/self-updates mayWrite: no':
    'equal loads of simplified code are one unless the slot is written between: the nearest gives what is there',
  '3-simplify/self-updates takesObjects: no':
    'helpers between only add to shadows; what reads them is a call, or has an effect',
  '6-record/backward argsOf.visit: inner.add(v): removed':
    'values inside a branch count as read by it: the copy gives them names of its own before it reads them',
  '6-record/upward isKnownAgain: carried.add(k): removed': 'the reverse loop runs backwards',
  '6-record/fuse known.isFloat64: yes':
    'arrays that may grow are refused for their length, which a store may change',
  '6-record/short-steps recordedStep.isStep: yes':
    'the only loop of the half of a step is that over the steps',
  '6-record/short-steps keepsOutside: yes':
    'a step without loops and exits makes its record at its end, outside of branches',
};

const CALLBACKS = 'unit/check/callbacks.test.ts';
const SWEEPS = 'unit/check/sweeps.test.ts';
const INTO = 'unit/compiler/into.test.ts';
const FUSED = 'unit/compiler/fused-loops.test.ts';
/** Mutants that only check mode, or the check at entry, can notice: the test that does. */
export const BY_UNIT_TESTS: Readonly<Record<string, string>> = {
  '4-analyse/told withNotices.isTold: no': CALLBACKS,
  '4-analyse/read-parts readParts: none': INTO,
  '5-differentiate/out-paths outers: b.emit({ ...outer, results: [value] }): removed': INTO,
  '5-differentiate/derivation checkedTwins.unique: yes': SWEEPS,
  '5-differentiate/derivation checkedTwins.unique: no': SWEEPS,
  '6-record/fuse attempt.objectionTo: none': FUSED,
  '6-record/drains touches: yes': FUSED,
};

export const EQUIVALENT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(SAFE.map(([question, answer, why]) => [`${question}: ${answer}`, why])),
  ...OTHERS,
};
