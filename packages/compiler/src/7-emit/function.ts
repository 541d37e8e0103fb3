/**
 * **Question**: what is the readable JavaScript of an IR function? **Guarantees**: the operations in their order and with
 * their bits. **Method**: values used once become part of the expression that uses them, as long as nothing in between
 * changes what they read; results of branches and carried values become `let` variables, shared along chains of single use.
 */
import type { CallOp, Op, Region, RuntimeOp, Terminator, ValueId } from '../ir/nodes.js';
import { ControlFlowWriter } from './control-flow.js';
import { atom } from './expression.js';
import { TAPE_NAMES } from './tape-writer.js';
import { typeText } from './types.js';

export class FunctionEmitter extends ControlFlowWriter {
  protected pullback: { readonly at: number; readonly params: string } | undefined;

  emit(name: string): string {
    for (const n of [...TAPE_NAMES, ...(this.o.check ? ['owner'] : []), 'pullback', 'primals', 'tangents'])
      this.ownName(n);
    this.tapes = [...this.o.tapesOf(this.func.key)].sort((x, y) => x - y).map((k) => this.tapeNames(k));
    const parameterNames = this.func.params.map((p) => {
      const n = this.names.fresh(this.module.values.get(p).name ?? 'x');
      this.texts.set(p, atom(n));
      return n;
    });
    const ops = this.func.body;
    this.region(ops);
    const body = this.lines;
    this.lines = [];
    const nameOf = (v: ValueId) => this.texts.get(v)!.code;
    const given = this.o.parameters?.(nameOf, (n) => this.ownName(n));
    const list =
      given?.list ??
      this.func.params
        .map((p, k) => `${parameterNames[k]}: ${typeText(this.module.values.type(p))}`)
        .join(', ');
    const tapeParam = this.o.callerTape
      ? this.tapes.map((t, k) => `${list || k > 0 ? ', ' : ''}${t.tape}: any`).join('')
      : '';
    const out: string[] = [];
    if (this.o.doc.length > 0)
      out.push(
        ...(this.o.doc.length === 1
          ? [`/** ${this.o.doc[0]} */`]
          : ['/**', ...this.o.doc.map((d) => ` * ${d}`), ' */']),
      );
    out.push(`function ${name}(${list}${tapeParam}): any {`);
    for (const p of given?.prologue ?? []) out.push(`  ${p}`);
    // bodies may be too long for the arguments of a call
    return [...out, ...this.tapePrologue(), ...body, '}'].join('\n');
  }

  protected finish(end: Terminator): void {
    if (end.kind === 'throw') return this.leave(end);
    if (end.kind !== 'yield') throw new Error('the body of a function ends in an exit');
    const texts = end.args.map((a) => this.text(a).code);
    if (this.pullback) return this.finishPullback(texts);
    // a result may read memory or variables: it has a name before the tape is handed back
    for (const t of this.tapes) {
      if (this.o.callerTape) this.handBack(t);
      else
        this.line(
          `${this.o.runtimeName('releaseTape')}(${t.tape}, ${t.top}${t.refsUsed ? `, ${t.refTop}` : ''});`,
        );
    }
    const result = this.o.result(texts);
    if (result !== undefined) this.line(`return ${result};`);
  }
  protected finishPullback(texts: readonly string[]): void {
    const result = this.o.result(texts);
    for (const t of this.tapes)
      this.line(`${this.o.runtimeName('checkTape')}(${t.top}${t.refsUsed ? `, ${t.refTop}` : ''});`);
    this.line(`return ${result?.split('\0')[1] ?? 'undefined'};`);
    this.indent--;
    this.line('};');
    this.line(`return [${result?.split('\0')[0] ?? 'undefined'}, ${this.ownName('pullback')}];`);
  }

  // ------------------------------------------------------------------ operations

  protected op(op: Op, r: Region): void {
    switch (op.kind) {
      case 'const':
        return this.constant(op);
      case 'scalar':
        return this.scalar(op, r);
      case 'load':
        return this.load(op, r);
      case 'length':
        return this.length(op, r);
      case 'outer':
        return this.outer(op, r);
      case 'store':
      case 'accum':
        return this.store(op);
      case 'resize':
        return this.resize(op);
      case 'alloc':
      case 'literal':
        return this.make(op);
      case 'foreign':
        return this.foreign(op, r);
      case 'runtime':
        return this.runtime(op, r);
      case 'call':
        return this.call(op);
      case 'save':
        return this.save(op);
      case 'restore':
        return this.restore(op);
      case 'if':
        return this.if(op, r);
      case 'block':
        return this.block(op);
      case 'loop':
        return this.loop(op);
    }
  }

  protected runtime(op: RuntimeOp, r: Region): void {
    if (op.name === 'reverseSweep') {
      this.flush(this.all);
      this.line('// reverse sweep');
      this.ownTape();
      this.inReverse = true;
      return;
    }
    if (op.name === 'reverseOfTrip') {
      this.flush(this.all);
      this.line('// reverse of the trip');
      this.inReverse = true;
      return;
    }
    if (op.name === 'pullback') return this.startPullback(op);
    if (op.name === 'unless') return this.unless(op);
    if (op.name === 'workArray') return this.workArray(op);
    this.helper(op, r);
  }

  protected startPullback(op: RuntimeOp): void {
    this.flush(this.all);
    const params = op.results.map((v) => {
      const n = this.nameFor(v);
      this.texts.set(v, atom(n));
      return `${n}: any`;
    });
    this.pullback = { at: this.lines.length, params: params.join(', ') };
    for (const t of this.tapes) {
      this.line(`const ${t.topEnd} = ${t.top};`);
      if (t.refsUsed) this.line(`const ${t.refTopEnd} = ${t.refTop};`);
    }
    this.line(`const ${this.ownName('pullback')} = (${params.join(', ')}): any => {`);
    this.indent++;
    for (const t of this.tapes) {
      this.line(`let ${t.top} = ${t.topEnd};`);
      if (t.refsUsed) this.line(`let ${t.refTop} = ${t.refTopEnd};`);
    }
    this.ownTape();
    this.inReverse = true;
    this.loopNow = op;
  }

  protected call(op: CallOp): void {
    const args = op.args.map((a) => this.text(a).code);
    this.flush(this.memory);
    const levels = [...this.o.tapesOf(op.callee)].sort((x, y) => x - y);
    const own = op.tape && { level: op.tape.level, code: this.text(op.tape.value).code };
    const passed = this.tapes.filter((t) => levels.includes(t.level) && t.level !== own?.level);
    for (const t of passed) this.handBack(t);
    for (const level of levels)
      args.push(level === own?.level ? own.code : this.tapes.find((t) => t.level === level)!.tape);
    const code = `${this.o.functionName(op.callee)}(${args.join(', ')})`;
    const used = op.results.filter((v) => this.uses.count(v) > 0);
    if (used.length === 0) this.line(`${code};`, op.span);
    else if (op.results.length === 1) this.name(op.results[0], { ...atom(code), prec: 17 }, op.span);
    else {
      const r = this.names.fresh('r');
      this.line(`const ${r} = ${code};`, op.span);
      op.results.forEach((v, k) => {
        if (this.uses.count(v) > 0) this.name(v, atom(`${r}[${k}]`));
      });
    }
    for (const t of passed) {
      this.line(`${t.data} = ${t.tape}.data;`);
      this.line(`${t.top} = ${t.tape}.top;`);
      if (t.refsUsed) this.line(`${t.refTop} = ${t.tape}.refTop;`);
    }
  }
}
