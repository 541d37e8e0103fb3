/**
 * **Question**: where in the compiler's source can a mutant stand? **Method**: read off the syntax tree, by kind: every named
 * function that answers yes or no (or finds something or nothing), every statement of differentiation and recording that
 * emits code or moves a cotangent, every record of the tape. A point is an edit that asks the switchboard.
 */
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Change } from './switches.js';

export const packages = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'packages');
const source = join(packages, 'compiler', 'src');

/** The passes that answer questions for differentiation, and those that decide where arrays lie and what is stored there. */
const ANSWERS =
  /^([3-6]-|7-emit\/(first-writes|forwarding|kept-records|narrowed|ranges|rebased|work-array|zeros)\.ts)/;
/** The passes that emit the sweeps. */
const STEPS = /^[56]-/;
/** Check mode only adds assertions, and functions that say where a value comes from: a gradient is not another one. */
const CHECK_MODE = /assert|origins/;
/** Methods that emit an operation, or move a cotangent. */
const EMITTING = new Set([
  'emit',
  'store',
  'accum',
  'add',
  'unstore',
  'sumInto',
  'runtime',
  'forEach',
  'when',
]);

interface Edit {
  readonly at: number;
  readonly text: string;
  /** Of edits at one place the later one in the text stands outside. */
  readonly order: number;
}
export interface Point {
  readonly name: string;
  readonly changes: readonly Change[];
}
export interface Instrumented {
  readonly points: readonly Point[];
  /** Text of the changed files, by absolute path. */
  readonly files: ReadonlyMap<string, string>;
}

/** All points of the compiler, and its source with them in it. */
export function instrumentCompiler(): Instrumented {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(packages, 'compiler', 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (d) => void fail(String(d.messageText)) },
  );
  if (config === undefined) return fail('no tsconfig.json');
  const program = ts.createProgram(config.fileNames, config.options);
  const points: Point[] = [];
  const files = new Map<string, string>();
  for (const file of program.getSourceFiles()) {
    const name = relative(source, file.fileName).split(sep).join('/');
    if (!ANSWERS.test(name) || CHECK_MODE.test(name)) continue;
    const finder = new Finder(program.getTypeChecker(), file, name);
    finder.visit(file, '');
    points.push(...finder.points);
    if (finder.points.length > 0) files.set(join(file.fileName), finder.text());
  }
  return { points, files };
}
function fail(message: string): never {
  throw new Error(message);
}

class Finder {
  readonly points: Point[] = [];
  private readonly edits: Edit[] = [];
  private readonly names = new Map<string, number>();

  constructor(
    readonly checker: ts.TypeChecker,
    readonly file: ts.SourceFile,
    readonly path: string,
  ) {}

  text(): string {
    const { text } = this.file;
    const edits = [...this.edits].sort((a, b) => b.at - a.at || b.order - a.order);
    return edits.reduce((t, e) => t.slice(0, e.at) + e.text + t.slice(e.at), text);
  }

  /** `scope`: the functions around the node. */
  visit(node: ts.Node, scope: string): void {
    let inner = scope;
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const name = nameOf(node);
      if (name !== undefined) {
        inner = scope === '' ? name : `${scope}.${name}`;
        this.answers(node as ts.FunctionLikeDeclaration, inner);
      }
    }
    if (STEPS.test(this.path)) {
      if (ts.isExpressionStatement(node)) this.step(node, inner);
      if (ts.isObjectLiteralExpression(node)) this.record(node, inner);
    }
    ts.forEachChild(node, (child) => this.visit(child, inner));
  }

  private point(name: string, changes: readonly Change[]): string {
    const base = `${this.path.replace(/\.ts$/, '')} ${name}`;
    const count = (this.names.get(base) ?? 0) + 1;
    this.names.set(base, count);
    const full = count === 1 ? base : `${base} #${count}`;
    this.points.push({ name: full, changes });
    return JSON.stringify(full);
  }
  /** `before` and `after` around a node; nodes inside it are edited after it. */
  private wrap(node: ts.Node, before: string, after: string): void {
    const order = this.edits.length;
    this.edits.push({ at: node.getStart(this.file), text: before, order });
    this.edits.push({ at: node.getEnd(), text: after, order: -order });
  }

  /** A function with a yes or a no, or with something or nothing, as its result. */
  private answers(node: ts.FunctionLikeDeclaration, name: string): void {
    const signature = this.checker.getSignatureFromDeclaration(node);
    if (!signature || this.checker.getTypePredicateOfSignature(signature) || !node.body) return;
    const type = this.checker.getReturnTypeOfSignature(signature);
    const parts = type.isUnion() ? type.types : [type];
    const bool = parts.every((t) => t.flags & ts.TypeFlags.BooleanLike);
    const maybe = parts.length > 1 && parts.some((t) => t.flags & ts.TypeFlags.Undefined);
    if (!bool && !maybe) return;
    const returned = returnedBy(node.body);
    if (returned.length === 0) return;
    const point = this.point(name, bool ? ['yes', 'no'] : ['none']);
    for (const e of returned) this.wrap(e, `adjointMutation.${bool ? 'answer' : 'found'}(${point}, `, ')');
  }

  /** `builder.store(...)`, `ops.push({ kind: ... })`, `cots.set(...)`. */
  private step(node: ts.ExpressionStatement, scope: string): void {
    const call = node.expression;
    if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return;
    const { expression: target, name } = call.expression;
    const [first] = call.arguments;
    const pushes = name.text === 'push' && first !== undefined && ts.isObjectLiteralExpression(first);
    const moves = name.text === 'set' && target.getText(this.file).endsWith('cots');
    const onBuilder = /\bb$/.test(target.getText(this.file));
    const emits = EMITTING.has(name.text) && (name.text !== 'forEach' || onBuilder);
    if (!pushes && !moves && !emits) return;
    // checks at entry, and what check mode writes down
    if (/'(check|trace)|\bchecks\.|\bassertion\(/.test(call.getText(this.file))) return;
    const point = this.point(`${scope}: ${summary(call.getText(this.file))}`, ['removed']);
    this.wrap(node, `{ if (adjointMutation.runs(${point})) `, ' }');
  }

  /** `{ kind: 'save', args: ... }`, `{ kind: 'restore', results: ... }`. */
  private record(node: ts.ObjectLiteralExpression, scope: string): void {
    const kind = node.properties.find((p) => p.name?.getText(this.file) === 'kind');
    const text = kind && ts.isPropertyAssignment(kind) ? kind.initializer.getText(this.file) : '';
    if (text !== `'save'` && text !== `'restore'`) return;
    const key = text === `'save'` ? 'args' : 'results';
    const slots = node.properties.find((p) => p.name?.getText(this.file) === key);
    if (slots === undefined) return;
    const point = this.point(`${scope}: ${text.slice(1, -1)}`, ['first', 'last']);
    if (ts.isPropertyAssignment(slots)) this.wrap(slots.initializer, `adjointMutation.slots(${point}, `, ')');
    else this.wrap(slots, `${key}: adjointMutation.slots(${point}, `, ')');
  }
}

/** The name under which a function is called. */
function nameOf(node: ts.SignatureDeclaration): string | undefined {
  if (node.name) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const { parent } = node;
  const named =
    ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent);
  return named ? parent.name.getText() : undefined;
}

/** What a function returns, in its own statements. */
function returnedBy(body: ts.Node): ts.Expression[] {
  if (!ts.isBlock(body)) return [body as ts.Expression];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

function summary(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(/^this\./, '');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
