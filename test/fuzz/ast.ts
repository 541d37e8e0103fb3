/**
 * Random programs as trees that are well typed in every shape.
 *
 * A node never names a variable: it holds a number (`at`), and the printer takes it modulo what is in scope at that
 * place. So every subtree can be left out or replaced and the rest still prints a correct program.
 */

/** Variable of a type that is in scope, chosen by number. */
export type At = number;
export type Index =
  | { readonly i: 'lit'; readonly at: At }
  | { readonly i: 'var'; readonly at: At; readonly plus: number }
  | { readonly i: 'data'; readonly e: Expr };

export type Expr =
  | { readonly k: 'num'; readonly v: number }
  | { readonly k: 'var'; readonly at: At }
  | { readonly k: 'int'; readonly at: At }
  | { readonly k: 'elem'; readonly at: At; readonly index: Index }
  | { readonly k: 'cell'; readonly at: At; readonly row: Index; readonly index: Index }
  | { readonly k: 'field'; readonly at: At; readonly field: At; readonly index: Index }
  | { readonly k: 'missing'; readonly at: At; readonly index: Index; readonly e: Expr }
  | { readonly k: 'bin'; readonly op: At; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'math'; readonly fn: At; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'cond'; readonly if: Cond; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'logic'; readonly op: At; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'set'; readonly target: Target; readonly op: At; readonly e: Expr }
  | { readonly k: 'update'; readonly target: Target; readonly form: At }
  | { readonly k: 'call'; readonly at: At; readonly args: readonly Expr[] }
  /** Something read from a container; something found by a method with a callback. */
  | { readonly k: 'read'; readonly at: At; readonly form: At; readonly index: Index; readonly e: Expr }
  | { readonly k: 'method'; readonly at: At; readonly form: At; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'chosen'; readonly at: At; readonly index: Index; readonly e: Expr };

export type Cond =
  | { readonly c: 'less'; readonly op: At; readonly a: Expr; readonly b: Expr }
  | { readonly c: 'flag'; readonly at: At }
  | { readonly c: 'parity'; readonly at: At; readonly mod: number }
  | { readonly c: 'truthy'; readonly e: Expr }
  | { readonly c: 'not'; readonly a: Cond }
  | { readonly c: 'both'; readonly op: At; readonly a: Cond; readonly b: Cond };

/** What can be assigned: the printer takes the first kind that is in scope, counted from `kind`. */
export interface Target {
  readonly kind: At;
  readonly at: At;
  readonly index: Index;
  readonly row: Index;
}
export type Stmt =
  | { readonly s: 'number'; readonly constant: boolean; readonly e: Expr }
  | { readonly s: 'flag'; readonly e: Cond }
  | { readonly s: 'integer'; readonly at: At }
  | { readonly s: 'array'; readonly form: At; readonly e: readonly Expr[] }
  | { readonly s: 'matrix'; readonly at: At; readonly shared: boolean; readonly e: readonly Expr[] }
  | { readonly s: 'object'; readonly at: At; readonly e: readonly Expr[] }
  | { readonly s: 'tuple'; readonly e: readonly Expr[] }
  | { readonly s: 'alias'; readonly type: At; readonly at: At; readonly other: At; readonly if?: Cond }
  | { readonly s: 'rebind'; readonly type: At; readonly at: At; readonly other: At }
  | { readonly s: 'row'; readonly at: At; readonly index: Index; readonly other: At }
  | { readonly s: 'expr'; readonly e: Expr }
  | { readonly s: 'setFlag'; readonly at: At; readonly e: Cond }
  | { readonly s: 'step'; readonly at: At; readonly form: At }
  | { readonly s: 'if'; readonly if: Cond; readonly then: readonly Stmt[]; readonly else: readonly Stmt[] }
  | {
      readonly s: 'loop';
      readonly form: At;
      readonly trips: number;
      readonly if: Cond;
      readonly e: Expr;
      readonly body: readonly Stmt[];
      readonly label: boolean;
    }
  | {
      readonly s: 'each';
      readonly at: At;
      readonly changing: boolean;
      readonly body: readonly Stmt[];
      readonly label: boolean;
    }
  | { readonly s: 'switch'; readonly on: Expr; readonly arms: readonly Arm[]; readonly fallback: At }
  | { readonly s: 'block'; readonly body: readonly Stmt[] }
  | { readonly s: 'exit'; readonly at: At; readonly if: Cond; readonly always: boolean; readonly e: Expr }
  | {
      readonly s: 'inner';
      readonly arrow: boolean;
      /** The body sees variables that are assigned, and assigns them. */
      readonly captures: boolean;
      readonly body: readonly Stmt[];
      readonly e: Expr;
    }
  | { readonly s: 'list'; readonly form: At; readonly at: At; readonly e: readonly Expr[] }
  | { readonly s: 'instance'; readonly form: At; readonly at: At; readonly e: readonly Expr[] }
  | { readonly s: 'map'; readonly e: readonly Expr[] }
  | { readonly s: 'set'; readonly e: readonly Expr[] }
  | { readonly s: 'functions'; readonly at: At; readonly e: readonly Expr[] }
  /** A number that may be missing, a list of objects, a dictionary or a tagged union. */
  | { readonly s: 'record'; readonly type: At; readonly form: At; readonly e: readonly Expr[] }
  /** A few lines that people write, with parts of the program in them. */
  | {
      readonly s: 'idiom';
      readonly form: At;
      readonly at: At;
      readonly if: Cond;
      readonly e: readonly Expr[];
    }
  /** Something is changed in place. */
  | { readonly s: 'change'; readonly at: At; readonly form: At; readonly index: Index; readonly e: Expr }
  | {
      readonly s: 'try';
      /** A number is thrown, and read where it is caught. */
      readonly payload: boolean;
      readonly body: readonly Stmt[];
      readonly throwIf: Cond;
      readonly thrown: Expr;
      readonly caught: readonly Stmt[];
      readonly last: readonly Stmt[];
    };
export interface Arm {
  readonly body: readonly Stmt[];
  readonly falls: boolean;
}

/**
 * `number`, `integer` (a small count), and the containers; all arrays have 3 elements, matrices 2 rows. Lists have any length;
 * `vec` is an instance of a class or of one that extends it; `fns` is a list of functions of a number; `opt` is a number or undefined,
 * `objs` a list of objects, `rec` a dictionary, `shape` a tagged union.
 */
export type ValueType =
  | 'num'
  | 'int'
  | 'flag'
  | 'arr'
  | 'f64'
  | 'mat'
  | 'obj'
  | 'tup'
  | 'list'
  | 'vec'
  | 'map'
  | 'set'
  | 'fns'
  | 'opt'
  | 'objs'
  | 'rec'
  | 'shape';

export interface Helper {
  readonly params: readonly ValueType[];
  readonly returns: ValueType | 'void';
  readonly recursive: boolean;
  /** Throws in some cases: it is called where that is caught. */
  readonly throws?: Cond | undefined;
  readonly body: readonly Stmt[];
  readonly e: Expr;
  /** It returns at several places, and its end is never come to. */
  readonly ends?: { readonly form: At; readonly if: Cond; readonly e: Expr } | undefined;
}
export interface Program {
  /** Variables of the module, which every function reads and writes. */
  readonly state: readonly ValueType[];
  readonly helpers: readonly Helper[];
  readonly params: readonly ValueType[];
  readonly body: readonly Stmt[];
  /** Throws behind a statement of the body, and nobody catches it. */
  readonly guard?: { readonly behind: At; readonly if: Cond } | undefined;
  readonly e: Expr;
  /** Adds everything in scope to the result, so that all of it matters. */
  readonly all: boolean;
  /** It leaves the module alone and has no map in it, so that its derivatives can be differentiated. */
  readonly twice: boolean;
  /** Some names are those of generated code, which people like as well. */
  readonly likeGenerated: boolean;
  /** The result is an array: only vjp and jvp apply. */
  readonly vector: boolean;
  /** Numbers that the arguments are made from. */
  readonly numbers: readonly number[];
}
