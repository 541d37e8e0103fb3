/**
 * The intermediate representation: structured SSA as plain immutable data.
 *
 * A function has parameters and a body region. A region is a list of operations ended by a terminator. Control
 * flow stays structured (`if`, `loop`, `block`); local variables are gone: what a branch assigns is a result of
 * the `if`, what a loop assigns is a carried value. A value id is unique in its module, so that regions can be
 * moved between functions.
 *
 * Exits (`break`, `continue`, early `return`) are terminators: a region that ends in `exit` leaves the construct
 * that owns `target` with `args` as its results. What follows an `if` in its region runs only if the arm that was
 * taken ended in a `yield`.
 */

export type Id<Brand extends string> = number & { readonly __id: Brand };
export type ValueId = Id<'Value'>;
/** What an exit leaves: a loop, a block or a function body. */
export type LabelId = Id<'Label'>;

export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Where the elements of an array live. `int` covers all integer typed arrays: a store there loses the derivative. `keyed`:
 * a `Map`, or an object used as one; an index is a key.
 */
export type Storage = 'plain' | 'f64' | 'f32' | 'int' | 'keyed';

export interface ArrayType {
  readonly kind: 'array';
  readonly storage: Storage;
  /** Name of the constructor: `Array`, `Float64Array`, `Uint8Array`, `Map`, `Object` ... */
  readonly ctor: string;
  readonly elem: Type;
  /** A plain array or a typed array, whichever comes: read as a plain one. */
  readonly either?: true;
  /** Type of the keys, if they are not text. */
  readonly keys?: Type;
  /** Made at one place of the program: what is stored there later may widen `elem` while the program is lowered. */
  readonly site?: string;
  /** As of a record. */
  readonly remade?: true;
}
export interface Field {
  readonly key: string;
  readonly type: Type;
}
export interface RecordType {
  readonly kind: 'record';
  /** Fields in order; of a tuple they are named `0`, `1`, ... and the object is a JavaScript array. */
  readonly fields: readonly Field[];
  readonly tuple: boolean;
  /** As of an array. */
  readonly site?: string;
  /** The classes that objects of this type may be instances of. */
  readonly classes?: readonly ClassTag[];
  /** Real objects of their classes: the caller made them, or can see them. */
  readonly outside?: boolean;
  /** The functions that a record which stands for a function value may be. */
  readonly functions?: readonly FunctionTag[];
  /** An object literal may make it: where `classes` are known too, either may be there. */
  readonly literal?: true;
  /** All objects of this type have their keys in the order of `fields`; known of what is made in the program. */
  readonly ordered?: boolean;
  /** A part of a table, made again from its source: it stands for an object outside, but is not that object. */
  readonly remade?: true;
  /** The names of the fields that the type of an object from outside has in the source, where it may have gained others (`gains.ts`). */
  readonly declared?: string;
}
/** A function value: a function of the program with what it captures. */
export interface FunctionTag {
  readonly id: number;
  readonly name: string;
}
/** A class; `id` tells classes of one name apart, `declaration` is its node of the host. */
export interface ClassTag {
  readonly id: number;
  readonly name: string;
  readonly declaration: object;
}
export interface OpaqueType {
  readonly kind: 'opaque';
  /** It may be an array or object with numbers in it, which the types do not tell apart from something else. */
  readonly mixed?: boolean;
}
export type Type =
  | { readonly kind: 'number' }
  | { readonly kind: 'boolean' }
  /** A JavaScript value that carries no derivative: a string, a date, a function handed through. */
  | OpaqueType
  /** `undefined` or `null` itself. */
  | { readonly kind: 'nullish' }
  /** `of`, or `undefined`, or `null`. */
  | { readonly kind: 'maybe'; readonly of: Type }
  /** Nothing yet: the element type of an array into which nothing was stored. */
  | { readonly kind: 'never' }
  | ArrayType
  | RecordType;

/** A slot of an array (by index value) or of a record (by constant key). */
export type At = { readonly index: ValueId } | { readonly key: string };

interface Base {
  readonly results: readonly ValueId[];
  readonly span?: Span;
}
/** A literal. `undefined`, `null` and strings are allowed too; `poison` stands for "not available" and is never used in live code. */
export interface ConstOp extends Base {
  readonly kind: 'const';
  readonly value: number | boolean | string | null | undefined;
  readonly poison?: boolean;
}
/** A pure operation on scalars; `fn` names an entry of `rules/scalar.ts`. One result. */
export interface ScalarOp extends Base {
  readonly kind: 'scalar';
  readonly fn: string;
  readonly args: readonly ValueId[];
}
/** `new Float64Array(length)`, `new Array(length)`, or with `fill` `new Array(length).fill(fill)`. One result. */
export interface AllocOp extends Base {
  readonly kind: 'alloc';
  readonly type: ArrayType;
  readonly length: ValueId;
  readonly fill?: ValueId;
}
/** An array, tuple or record literal; `args` in the order of elements or of `type.fields`. One result. */
export interface LiteralOp extends Base {
  readonly kind: 'literal';
  readonly type: ArrayType | RecordType;
  readonly args: readonly ValueId[];
  /** Expression of the class, where the object is a real instance of it. */
  readonly instanceOf?: string;
}
/** Reads a slot; an array slot out of range gives `undefined`. One result. */
export interface LoadOp extends Base {
  readonly kind: 'load';
  readonly ref: ValueId;
  readonly at: At;
}
export interface StoreOp extends Base {
  readonly kind: 'store';
  readonly ref: ValueId;
  readonly at: At;
  readonly value: ValueId;
  /** The index is a slot of the array already, by construction. */
  readonly inBounds?: boolean;
  /** Leaves no hole in an array that had none, by construction. */
  readonly leavesNoGap?: boolean;
}
/** `ref.length = length` of a plain array; `ref.delete(length)`, `ref.clear()` of what has keys. */
export interface ResizeOp extends Base {
  readonly kind: 'resize';
  readonly ref: ValueId;
  readonly length: ValueId;
  readonly how?: 'delete' | 'clear';
  /** Leaves no hole in an array that had none, by construction. */
  readonly leavesNoGap?: boolean;
}
/** `ref[at] += value`, on shadows only; a slot that does not exist is left alone. */
export interface AccumOp extends Base {
  readonly kind: 'accum';
  /** The slot may hold no number: then nothing is added. */
  readonly guarded?: boolean;
  readonly ref: ValueId;
  readonly at: At;
  readonly value: ValueId;
}
/** An operation on a slot. */
export type AccessOp = LoadOp | StoreOp | AccumOp;
export interface LengthOp extends Base {
  readonly kind: 'length';
  readonly ref: ValueId;
}
/** Results are what the arm that ran yields; an arm that exits yields nothing. */
export interface IfOp extends Base {
  readonly kind: 'if';
  readonly cond: ValueId;
  readonly then: Region;
  readonly else: Region;
}
/**
 * `for (iv = lo; iv < hi; iv += step)` (for a negative step: `iv > hi`). `lo` and `step` are integers; `hi` may be
 * Infinity: the loop is then left by exits only and `iv` counts its trips. `body.params` are `[iv, ...carried]`; the body
 * yields the next carried values; an exit to `label` carries all results. Results: the carried values at the end, then
 * (for what `loopExtras` names) one value each that only exits and the normal end define.
 */
export interface LoopOp extends Base {
  readonly kind: 'loop';
  readonly label: LabelId;
  readonly lo: ValueId;
  readonly hi: ValueId;
  readonly step: number;
  /** Comparison includes `hi` (`<=`, `>=`). */
  readonly inclusive: boolean;
  readonly inits: readonly ValueId[];
  readonly body: Region;
  /**
   * Results beyond the carried values: what they are when the loop ends by its bound. `lastIv` stands for the induction
   * variable of the last executed trip (`lo - step` if none), a value id for a constant from outside. Exits give their own.
   */
  readonly extras: readonly (ValueId | 'lastIv')[];
  /** Its trips are run again in the reverse sweep, from kept states. */
  readonly checkpoint?: Snapshots;
}
/** How many states of a loop are kept: `limit` counts them, or the bytes that they take. */
export interface Snapshots {
  readonly limit: ValueId | undefined;
  readonly inBytes: boolean;
  /** The loop runs until its state does not change: only the last state matters, and `limit` is the tolerance. */
  readonly fixed?: true;
  /** Where they are kept, if not in memory: an object of the user's. */
  readonly store?: ValueId;
}
/** A labelled block: results are what its body yields, or what an exit to `label` carries. */
export interface BlockOp extends Base {
  readonly kind: 'block';
  readonly label: LabelId;
  readonly body: Region;
  /** It is run again in the reverse sweep. */
  readonly checkpoint?: true;
}
/** Calls another IR function of the module by its key. */
export interface CallOp extends Base {
  readonly kind: 'call';
  readonly callee: string;
  readonly args: readonly ValueId[];
  /** The derivative of the callee is meant: only until `expandDerivatives` has made it a function. */
  readonly derivative?: NestedDerivative;
  /** In a reverse sweep that is not recorded yet: the call of the forward half whose reverse half is called. */
  readonly mirrored?: Pick<CallOp, 'args' | 'results'>;
  /** What the function computes is not recorded: the reverse sweep runs it again. */
  readonly checkpoint?: Checkpoint;
  /** Works on another tape in place of the caller's own. */
  readonly tape?: { readonly level: number; readonly value: ValueId };
  /** In the sweep back over the steps of a loop: runs `some` of them, or a half of the `one` that is recorded. */
  readonly steps?: 'some' | 'one';
}
/** The first two parameters of the function of a loop that runs in steps: the first step, and the one to stop before. */
export const BOUNDS = 2;
/**
 * A part of a function that is a function of its own, to be run again in the reverse sweep. `steps`: a loop; its first two
 * parameters are the first step and the one to stop before, then come `state` carried values, then what it captures. Its results
 * begin with the carried values; with `mayLeave` the last two are the step after the last one, and whether it was left early. `site`
 * tells the calls of a module apart. `hasLog`: the last argument is the log of its effects.
 */
export type Checkpoint =
  | { readonly kind: 'once'; readonly site: number; readonly hasLog?: true }
  | {
      readonly kind: 'steps';
      readonly site: number;
      readonly hasLog?: true;
      readonly state: number;
      readonly mayLeave: boolean;
      readonly snapshots: Snapshots;
      /** Whether the last step is not among these steps, and recorded by itself. */
      readonly recorded: boolean;
    };
/**
 * Which derivative of a function is called. `reverse`: results are the value and one gradient for each wanted parameter; behind
 * the arguments comes the cotangent of the result, if it is not 1. `forward`: behind the arguments come the tangents of the wanted
 * parameters; results are the value and its tangent.
 */
export interface NestedDerivative {
  readonly mode: 'forward' | 'reverse';
  /** Parameters of the callee, by position. */
  readonly wanted: readonly number[];
  /** The cotangent of the result is given. */
  readonly seeded: boolean;
  /** The function has run already, or will run once more: it must have no effects. */
  readonly repeated: boolean;
  /** The keys of gradients are in the order of those of the arguments. */
  readonly ordered: boolean;
}
/** Reads something that is constant during the evaluation: an outer variable, a module constant. `text` is its JavaScript expression. */
export interface OuterOp extends Base {
  readonly kind: 'outer';
  readonly text: string;
  /** The variable is assigned somewhere: it is read once, when the function begins. */
  readonly changes?: boolean;
}
/**
 * JavaScript that carries no derivative, run once in the forward sweep: `template` with a hole before each argument
 * but the first piece. `pure` operations may be dropped, moved and repeated.
 */
export interface ForeignOp extends Base {
  readonly kind: 'foreign';
  readonly template: readonly string[];
  readonly args: readonly ValueId[];
  readonly pure: boolean;
  /**
   * What becomes of an active argument: `encodes` it as something that must not come back as a number, `reads` it for a result
   * without derivative (a count, a comparison, a log), `writes` it to a variable outside, or it is `unknown` and must not be given one, as what `calls` a function from outside.
   */
  readonly role?: 'encodes' | 'reads' | 'writes' | 'unknown' | 'calls';
  /** Of code that is run so that what it throws is caught: the type of what it gives, which is a part of the result. */
  readonly gives?: Type;
  /** Makes an object, each time a new one, and does nothing else. */
  readonly makesOnly?: boolean;
  /** Asks whether an array (the second argument) has a hole at an index (the first). */
  readonly gapTest?: boolean;
  /** Freezes its first argument, or asks whether that does not take a write. */
  readonly frozen?: 'freezes' | 'asks';
  /** Of such a question: what is thrown then may be caught. */
  readonly isCaught?: true;
  /** In a part that runs again: run through the log of that part, its first argument. */
  readonly noted?: true;
}
/**
 * A derivative rule of the user's as functions of the module, for where its derivative is needed: by key, what a pullback and
 * a tangent are computed by. Both are given the arguments of the call, the cotangents or tangents as a list of numbers, and how many
 * numbers they give.
 */
export interface LoweredRule {
  readonly pull?: string;
  readonly push?: string;
  /** Why there are no such functions. */
  readonly why?: string;
}
/** A way into memory where a function is entered. */
export interface EntryPath {
  readonly value: ValueId;
  readonly name: string;
  readonly written: boolean;
  /** Fields of what is written that hold nothing written. */
  readonly kept: readonly string[];
}
/** A helper of the runtime package's `internal` entry; `literals` are JavaScript texts passed after the values. */
export interface RuntimeOp extends Base {
  readonly kind: 'runtime';
  readonly name: string;
  readonly args: readonly ValueId[];
  readonly literals: readonly string[];
  /** Named access paths, emitted as `[name, value, written]`, and `kept` behind that. */
  readonly entries?: readonly EntryPath[];
  /** An effect that keeps nothing alive: it stays where the region that it stands in stays. */
  readonly weak?: boolean;
  /** The place of `span` is passed behind the literals. */
  readonly placed?: boolean;
  /** Of `ruleValues`, whose further arguments are those of the call; of `pullRule` and `pushRule`, why they stand there. */
  readonly rule?: LoweredRule;
  /** `pure`: may be dropped; `fresh`: gives new memory each time; `effect`: must stay. */
  readonly effect: 'pure' | 'fresh' | 'effect';
}
/** Check mode: what a slot of the tape holds, in the words of a message. No two slots of a record have the same. */
export interface SlotTag {
  readonly text: string;
  readonly span?: Span | undefined;
}
/** Pushes one record on a tape. The derivatives of an evaluation have a tape each, by their nesting: 0 is the innermost. */
export interface SaveOp extends Base {
  readonly kind: 'save';
  readonly tape: number;
  /** Equal for a `save` and the `restore` that pops its records. */
  readonly pair: string;
  readonly args: readonly ValueId[];
  /** In check mode, by position. */
  readonly tags?: readonly SlotTag[] | undefined;
}
/** Pops the record that the mirrored `save` pushed: results in the order of its arguments. */
export interface RestoreOp extends Base {
  readonly kind: 'restore';
  readonly tape: number;
  readonly pair: string;
  /** In check mode those of the `save`, by position. */
  readonly tags?: readonly SlotTag[] | undefined;
}

export type Op =
  | ConstOp
  | ScalarOp
  | AllocOp
  | LiteralOp
  | LoadOp
  | StoreOp
  | AccumOp
  | LengthOp
  | ResizeOp
  | IfOp
  | LoopOp
  | BlockOp
  | CallOp
  | OuterOp
  | ForeignOp
  | RuntimeOp
  | SaveOp
  | RestoreOp;

export type Terminator =
  | { readonly kind: 'yield'; readonly args: readonly ValueId[]; readonly span?: Span }
  /** Leaves `target`; `site` numbers the exits of a function in text order, from 1. */
  | {
      readonly kind: 'exit';
      readonly target: LabelId;
      readonly site: number;
      readonly args: readonly ValueId[];
      readonly span?: Span;
    }
  /** `throw`: leaves the generated function; the thrown value is an inactive value. */
  | { readonly kind: 'throw'; readonly arg: ValueId; readonly span?: Span };

export interface Region {
  readonly params: readonly ValueId[];
  readonly ops: readonly Op[];
  readonly end: Terminator;
}

/** What is known of a value apart from its definition. */
export interface ValueInfo {
  readonly type: Type;
  /** The user's name for it, for dumps and emitted code. */
  readonly name?: string;
  readonly span?: Span;
}

export interface Func {
  /** Key in the module; also the stem of its emitted name. */
  readonly key: string;
  readonly name: string;
  readonly label: LabelId;
  readonly params: readonly ValueId[];
  /** Ends in `yield` of the results; an early `return` is an exit to `label`. */
  readonly body: Region;
  readonly span?: Span;
  /**
   * A part of another function: its reverse half is given the cotangents that these parameters have already, and adds to them as
   * the code would have done in its place.
   */
  readonly captured?: readonly number[];
}

/** Functions of one compilation, with the table of all their values. */
export interface Module {
  readonly funcs: ReadonlyMap<string, Func>;
  readonly values: ValueTable;
}

/** Append-only table of values and source of fresh ids; shared by all passes of one compilation. */
export class ValueTable {
  private readonly infos: ValueInfo[] = [];
  private labels = 0;

  fresh(info: ValueInfo): ValueId {
    this.infos.push(info);
    return (this.infos.length - 1) as ValueId;
  }
  /** All values have smaller ids. */
  get size(): number {
    return this.infos.length;
  }
  /** A value with the same type and name as another. */
  like(id: ValueId): ValueId {
    return this.fresh(this.get(id));
  }
  get(id: ValueId): ValueInfo {
    const info = this.infos[id];
    if (info === undefined) throw new Error(`unknown value %${id}`);
    return info;
  }
  type(id: ValueId): Type {
    return this.get(id).type;
  }
  /** Gives a value that has none the user's name. */
  setName(id: ValueId, name: string): void {
    const info = this.get(id);
    if (info.name === undefined) this.infos[id] = { ...info, name };
  }
  /** Gives what takes back the names that values get from now on. */
  rememberNames(): () => void {
    const before = [...this.infos];
    return () => {
      for (let id = 0; id < before.length; id++) this.infos[id] = before[id];
    };
  }
  freshLabel(): LabelId {
    return this.labels++ as LabelId;
  }
}

/** Data whose types mix numbers with something else: it carries no derivative. */
export const MIXED: Type = { kind: 'opaque', mixed: true };
export const NUMBER: Type = { kind: 'number' };
export const BOOLEAN: Type = { kind: 'boolean' };
export const OPAQUE: Type = { kind: 'opaque' };
export const NULLISH: Type = { kind: 'nullish' };
export const NEVER: Type = { kind: 'never' };

export function assertNever(x: never): never {
  throw new Error(`unexpected ${JSON.stringify(x)}`);
}
