/**
 * Branches, blocks and loops. Their results and carried values are `let` variables, shared along chains of single use; a branch of mere
 * expressions is one itself.
 */
import type { BlockOp, IfOp, LoopOp, Op, Region, Terminator, ValueId } from '../ir/nodes.js';
import { scalarRule } from '../rules/scalar.js';
import { assignment, atom, combine, parenthesised, type Text } from './expression.js';
import { OperationWriter } from './operations.js';
import { needsLabel } from './uses.js';
import type { Pending } from './writer.js';

export abstract class ControlFlowWriter extends OperationWriter {
  protected readonly labels = new Map<
    number,
    { readonly name: string | undefined; readonly op: Op; readonly results: readonly (string | undefined)[] }
  >();
  protected leftOver: Pending[] = [];
  protected readonly boundText = new Map<LoopOp, string>();

  protected abstract op(op: Op, r: Region): void;
  /** Writes the end of the function. */
  protected abstract finish(end: Terminator): void;

  // ------------------------------------------------------------------ regions

  protected region(r: Region): void {
    const outer = this.pending;
    this.pending = [];
    r.ops.forEach((op) => {
      this.op(op, r);
    });
    if (r === this.func.body) this.finish(r.end);
    this.pending = this.pending.length > 0 && r !== this.func.body ? this.pending : [];
    if (r === this.func.body) this.pending = outer;
    else {
      this.leftOver = this.pending;
      this.pending = outer;
    }
  }
  /** An inner region with its end; `assign` writes what it yields. */
  protected inner(r: Region, assign: (args: readonly ValueId[]) => void): void {
    this.indent++;
    this.region(r);
    const outer = this.pending;
    this.pending = this.leftOver;
    if (r.end.kind === 'yield') assign(r.end.args);
    else this.leave(r.end);
    this.pending = outer;
    this.indent--;
  }

  protected leave(end: Terminator): void {
    if (end.kind === 'throw') {
      const t = this.text(end.arg);
      this.line(t.code === '"unreachable"' ? "throw new Error('unreachable');" : `throw ${t.code};`);
      return;
    }
    if (end.kind !== 'exit') return;
    const target = this.labels.get(end.target);
    if (!target) throw new Error('an exit leaves the function');
    this.assignAll(target.results, end.args);
    this.line(target.name === undefined ? 'break;' : `break ${target.name};`);
  }

  /** Assigns several variables at once: those whose old value another still reads come later, cycles get a copy. */
  protected assignAll(targets: readonly (string | undefined)[], args: readonly ValueId[]): void {
    let list = targets.flatMap((name, k) => {
      if (name === undefined) return [];
      const d = this.poisons.has(args[k]) ? undefined : this.text(args[k]);
      return d === undefined || d.code === name ? [] : [{ name, text: d }];
    });
    while (list.length > 0) {
      const free = list.find((x) => list.every((y) => y === x || !y.text.reads.has(x.name)));
      if (free) {
        this.line(assignment(free.name, free.text));
        list = list.filter((x) => x !== free);
        continue;
      }
      const [first, ...rest] = list;
      const copy = this.names.fresh(`${first.name}Next`);
      this.line(`const ${copy} = ${first.text.code};`);
      list = [...rest, { name: first.name, text: atom(copy) }];
    }
  }

  // ------------------------------------------------------------------ branches

  protected if(op: IfOp, r: Region): void {
    if (this.conditional(op, r)) return;
    const cond = this.text(op.cond);
    this.flush(this.all);
    const targets = op.results.map((v, k) => this.variableFor(v, k, op));
    const hasElse =
      op.else.ops.length > 0 ||
      op.else.end.kind !== 'yield' ||
      op.else.end.args.some((a, k) => !this.isVariable(a, targets[k]));
    const thenEmpty =
      op.then.ops.length === 0 &&
      op.then.end.kind === 'yield' &&
      op.then.end.args.every((a, k) => this.isVariable(a, targets[k]));
    const assign = (args: readonly ValueId[]) => this.assignAll(targets, args);
    if (thenEmpty && hasElse) {
      this.line(`if (!${parenthesised(cond, 15)}) {`, op.span);
      this.inner(op.else, assign);
      this.line('}');
      return;
    }
    this.line(`if (${cond.code}) {`, op.span);
    this.inner(op.then, assign);
    if (hasElse) {
      this.line('} else {');
      this.inner(op.else, assign);
    }
    this.line('}');
  }
  protected isVariable(v: ValueId, name: string | undefined): boolean {
    return name === undefined || this.variable.get(v) === name || this.poisons.has(v);
  }

  /** The variable that a result of an `if` lives in: that of a value which an arm hands on for the last time, or a new one. */
  protected variableFor(v: ValueId, k: number, op: IfOp): string | undefined {
    if (this.uses.count(v) === 0) return undefined;
    const shared = this.residence(v);
    if (shared !== undefined) {
      this.residents.set(v, shared);
      this.asVariable(v, shared);
      return shared;
    }
    for (const arm of [op.else, op.then]) {
      const a = arm.end.kind === 'yield' ? arm.end.args[k] : undefined;
      const name = a === undefined ? undefined : this.variable.get(a);
      if (
        a !== undefined &&
        name !== undefined &&
        this.uses.count(a) === 1 &&
        this.loopOf.get(a) === this.loopNow
      ) {
        this.asVariable(v, name);
        return name;
      }
    }
    const name = this.nameFor(v);
    this.declare(name, v);
    this.residents.set(v, name);
    this.asVariable(v, name);
    return name;
  }

  /** `c ? a : b`, `a && b`, `a || b` where the arms are mere expressions. */
  protected conditional(op: IfOp, r: Region): boolean {
    if (op.results.length !== 1 || op.then.end.kind !== 'yield' || op.else.end.kind !== 'yield') return false;
    if (![op.then, op.else].every((x) => x.ops.every((o) => this.isExpression(o, x)))) return false;
    const cond = this.text(op.cond);
    const wasWide = this.wide;
    this.wide = true;
    const arms = [op.then, op.else].map((x) => {
      let text: Text | undefined;
      this.inner(x, (args) => {
        text = this.text(args[0]);
      });
      return text as Text;
    });
    this.wide = wasWide;
    const [t, e] = arms;
    const code =
      e.code === 'false'
        ? { code: `${parenthesised(cond, 4)} && ${parenthesised(t, 5)}`, prec: 4 }
        : t.code === 'true'
          ? { code: `${parenthesised(cond, 3)} || ${parenthesised(e, 4)}`, prec: 3 }
          : { code: `${parenthesised(cond, 3)} ? ${parenthesised(t, 3)} : ${parenthesised(e, 2)}`, prec: 2 };
    if (t.code === 'undefined' || e.code === 'undefined') {
      code.code = `(${code.code}) as any`;
      code.prec = 10;
    }
    this.define(op.results[0], combine(code.code, code.prec, [cond, t, e]), r, op.span);
    return true;
  }
  /** Operations that surely become part of the arm's expression. */
  protected isExpression(o: Op, region: Region): boolean {
    if (o.kind === 'const') return true;
    if (o.kind !== 'scalar' && o.kind !== 'load' && o.kind !== 'length') return false;
    if (o.kind === 'scalar' && scalarRule(o.fn).repeats) return false;
    return (
      this.uses.onceIn(o.results[0], region) &&
      this.module.values.get(o.results[0]).name === undefined &&
      region.ops.length <= 6
    );
  }

  protected block(op: BlockOp): void {
    this.flush(this.all);
    const results = op.results.map((v) => {
      if (this.uses.count(v) === 0) return undefined;
      const shared = this.residence(v);
      const name = shared ?? this.nameFor(v);
      if (shared === undefined) this.declare(name, v);
      this.residents.set(v, name);
      return name;
    });
    const label = this.names.fresh('done');
    this.labels.set(op.label, { name: label, op, results });
    this.line(`${label}: {`, op.span);
    this.inner(op.body, (args) => this.assignAll(results, args));
    this.line('}');
    op.results.forEach((v, k) => {
      if (results[k] !== undefined) this.asVariable(v, results[k]);
    });
  }

  // ------------------------------------------------------------------ loops

  protected loop(op: LoopOp): void {
    const n = op.inits.length;
    const [iv, ...params] = op.body.params;
    const lo = this.text(op.lo);
    const hi = this.text(op.hi);
    const inits = op.inits.map((v) => ({ v, text: this.text(v) }));
    this.flush(this.all);
    const hiText = this.stableText(hi, op);
    const carried = params.map((p, k) => this.carriedVariable(p, inits[k], op, k));
    const extras = op.extras.map((e, k) => {
      const v = op.results[n + k];
      if (this.uses.count(v) === 0) return undefined;
      const name = this.nameFor(v);
      this.declare(name, v, e === 'lastIv' || this.poisons.has(e) ? undefined : this.text(e));
      return name;
    });
    const reserved = this.reserve(
      op,
      new Map([
        [op.lo, lo],
        [op.hi, hiText],
      ]),
    );
    const label = needsLabel(op) ? this.names.fresh('loop') : undefined;
    this.labels.set(op.label, { name: label, op, results: [...carried, ...extras] });
    const i = this.names.fresh(this.module.values.get(iv).name ?? 'i');
    // a derivative of a derivative asks for it once more
    const last = extras.filter((name, k): name is string => name !== undefined && op.extras[k] === 'lastIv');
    const outside = last.length > 0;
    const infinite = hi.code === 'Infinity';
    if (outside) this.line(`let ${i}: number = ${lo.code};`);
    this.texts.set(iv, { code: i, prec: 18, reads: new Set([i]), readsMemory: false });
    const outerLoop = this.loopNow;
    this.loopNow = op;
    params.forEach((p, k) => {
      const name = carried[k];
      if (name !== undefined) this.asVariable(p, name);
    });
    const head = outside ? '' : `let ${i} = ${lo.code}`;
    const prefix = label === undefined ? '' : `${label}: `;
    const unused = infinite && !outside && this.uses.count(iv) === 0;
    const test = infinite ? '' : ` ${this.staysInside(op, i, parenthesised(hiText, 10))}`;
    this.line(`${prefix}for (${unused ? ';;' : `${head};${test}; ${stepText(i, op.step)}`}) {`, op.span);
    const outerReserved = this.reserved;
    const wasInReverse = this.inReverse;
    this.reserved = new Set([...outerReserved, ...reserved.map((t) => t.level)]);
    this.inner(op.body, (args) => this.assignAll(carried, args));
    this.reserved = outerReserved;
    this.inReverse = wasInReverse;
    this.loopNow = outerLoop;
    this.line('}');
    if (this.o.check)
      for (const t of reserved) this.line(`${this.o.runtimeName('checkRoom')}(${t.data}, ${t.top});`);
    if (outside && !infinite) {
      // an exit gave its own; the normal end leaves the trip before the bound
      for (const name of last) this.normalEnd(op, i, name);
    }
    op.results.forEach((v, k) => {
      const name = k < n ? carried[k] : extras[k - n];
      if (name !== undefined) this.asVariable(v, name);
    });
  }

  private staysInside(op: LoopOp, i: string, bound: string): string {
    return `${i} ${op.step > 0 ? '<' : '>'}${op.inclusive ? '=' : ''} ${bound}`;
  }
  /** After a counted loop with exits: `lastIv` if no exit was taken. */
  protected normalEnd(op: LoopOp, i: string, name: string): void {
    const inside = this.staysInside(op, i, this.boundText.get(op)!);
    this.line(`if (!(${inside})) ${name} = ${i} ${op.step > 0 ? '-' : '+'} ${Math.abs(op.step)};`);
  }
  /** The bound is evaluated once. */
  protected stableText(hi: Text, op: LoopOp): Text {
    let t = hi;
    if (hi.prec < 17 || hi.reads.size > 0 || (hi.readsMemory && !hi.code.endsWith('.length'))) {
      if (!/^-?[\d.]+$/.test(hi.code)) {
        const n = this.names.fresh('n');
        this.line(`const ${n} = ${hi.code};`);
        t = atom(n);
      }
    } else if (hi.readsMemory) {
      const n = this.names.fresh('n');
      this.line(`const ${n} = ${hi.code};`);
      t = atom(n);
    }
    this.boundText.set(op, parenthesised(t, 10));
    return t;
  }

  protected carriedVariable(
    p: ValueId,
    init: { v: ValueId; text: Text },
    op: LoopOp,
    k: number,
  ): string | undefined {
    if (this.uses.count(p) === 0 && this.uses.count(op.results[k]) === 0) return undefined;
    const chained = this.variable.get(init.v);
    if (
      chained !== undefined &&
      this.uses.count(init.v) === 1 &&
      this.loopOf.get(init.v) === this.loopNow &&
      !op.inits.some((v, j) => j !== k && this.variable.get(v) === chained)
    )
      return chained;
    const name = this.nameFor(p);
    this.declare(name, p, this.poisons.has(init.v) ? undefined : init.text);
    return name;
  }
}

function stepText(i: string, step: number): string {
  if (Math.abs(step) === 1) return step > 0 ? `${i}++` : `${i}--`;
  return step > 0 ? `${i} += ${step}` : `${i} -= ${-step}`;
}
