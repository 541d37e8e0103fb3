/** What a function reads and writes of its tapes: numbers in one array, references in another. */
import type { Func, LoopOp, Module, Region, RestoreOp, SaveOp, ValueId } from '../ir/nodes.js';
import { opRegions } from '../ir/visit.js';
import { atom, parenthesised, type Text } from './expression.js';
import type { EmitOptions } from './options.js';
import { Reservations } from './reserve.js';
import { Writer } from './writer.js';

type TapeOp = SaveOp | RestoreOp;

/** An array of references that grows much further ends the whole process: no engine throws there. */
const MAX_REFERENCES = 5e7;

/** The variables of one tape. */
interface TapeNames {
  readonly level: number;
  readonly tape: string;
  readonly data: string;
  readonly top: string;
  readonly refs: string;
  readonly refTop: string;
  readonly topEnd: string;
  readonly refTopEnd: string;
  readonly owner: string;
  readonly refsUsed: boolean;
}
/** Taken whether there is a tape or not, so that names do not depend on it. */
export const TAPE_NAMES = ['tape', 'data', 'top', 'refs', 'refTop', 'topEnd', 'refTopEnd'] as const;

export class TapeWriter extends Writer {
  /** The tapes that this function works on, innermost derivative first. */
  protected tapes: readonly TapeNames[] = [];
  protected readonly reservations: Reservations;
  /** Tapes that have room for all that is pushed in the loop around. */
  protected reserved: ReadonlySet<number> = new Set();

  constructor(module: Module, func: Func, o: EmitOptions) {
    super(module, func, o);
    this.reservations = new Reservations(func.body, module, o);
  }

  protected tapePrologue(): string[] {
    const own = !this.o.callerTape;
    return this.tapes.flatMap((t) => [
      ...(own ? [`  const ${t.tape} = ${this.o.runtimeName('acquireTape')}();`] : []),
      ...(this.o.check && own ? [`  const ${t.owner}: number = ${t.tape}.owner;`] : []),
      `  let ${t.data}: Float64Array = ${t.tape}.data;`,
      `  let ${t.top}: number = ${t.tape}.top;`,
      ...(t.refsUsed
        ? [`  const ${t.refs}: any[] = ${t.tape}.refs;`, `  let ${t.refTop}: number = ${t.tape}.refTop;`]
        : []),
    ]);
  }
  protected tapeNames(level: number): TapeNames {
    const suffix = level === 0 ? '' : `_${level}`;
    const name = (n: string) => this.ownName(n + suffix);
    return {
      level,
      tape: name('tape'),
      data: name('data'),
      top: name('top'),
      refs: name('refs'),
      refTop: name('refTop'),
      topEnd: name('topEnd'),
      refTopEnd: name('refTopEnd'),
      owner: name('owner'),
      refsUsed: this.usesRefs(this.func.body, level),
    };
  }
  /** Whether references are on the tape, here or in what is called. */
  protected usesRefs(r: Region, level: number): boolean {
    return r.ops.some((op) => {
      if (op.kind === 'save' || op.kind === 'restore') {
        const vs = op.kind === 'save' ? op.args : op.results;
        return op.tape === level && vs.some((_, k) => !this.o.onNumbers(op.pair, k));
      }
      if (op.kind === 'call')
        return op.tape?.level !== level && this.o.referenceTapesOf(op.callee).has(level);
      return opRegions(op).some((x) => this.usesRefs(x, level));
    });
  }
  protected ownTape(): void {
    if (!this.o.check || this.o.callerTape) return;
    for (const t of this.tapes) this.line(`${this.o.runtimeName('checkOwner')}(${t.tape}, ${t.owner});`);
  }
  protected tapeOf(op: TapeOp): TapeNames {
    return this.tapes.find((t) => t.level === op.tape)!;
  }
  /** Writes the cursors where another function finds them. */
  protected handBack(t: TapeNames): void {
    this.line(`${t.tape}.top = ${t.top};`);
    if (t.refsUsed) this.line(`${t.tape}.refTop = ${t.refTop};`);
  }

  /** Check mode: what the slots of a record are said to hold (`tagTape`), or must hold (`checkTags`). */
  protected tagged(t: TapeNames, helper: string, op: TapeOp): void {
    const { tags } = op;
    if (tags === undefined) return;
    const of = (numbers: boolean) =>
      tags.flatMap(({ text, span }, k) => {
        if (this.o.onNumbers(op.pair, k) !== numbers) return [];
        return [JSON.stringify(span ? `${text} at ${this.o.placeOf(span)}` : text)];
      });
    const cursors = `${t.top}, ${t.refsUsed ? t.refTop : '0'}`;
    const lists = `[${of(true).join(', ')}], [${of(false).join(', ')}]`;
    this.line(`${this.o.runtimeName(helper)}(${t.tape}, ${cursors}, ${lists});`);
  }

  /** The values of a record that go on the tape of numbers, and those on that of references. */
  protected byTape(pair: string, values: readonly ValueId[]): [numbers: ValueId[], others: ValueId[]] {
    const on = (numbers: boolean) => values.filter((_, k) => this.o.onNumbers(pair, k) === numbers);
    return [on(true), on(false)];
  }
  protected save(op: SaveOp): void {
    const tape = this.tapeOf(op);
    this.tagged(tape, 'tagTape', op);
    const { top, data } = tape;
    const [numbers, others] = this.byTape(op.pair, op.args);
    if (numbers.length > 0) {
      if (!this.reserved.has(op.tape)) this.makeRoom(tape, String(numbers.length));
      for (const v of numbers) {
        const t = this.text(v);
        this.line(
          `${data}[${top}++] = ${this.poisons.has(v) ? '0' : this.type(v).kind === 'boolean' ? `${parenthesised(t, 5)} ? 1 : 0` : t.code};`,
        );
      }
    }
    if (others.length === 0) return;
    for (const v of others) this.line(`${tape.refs}[${tape.refTop}++] = ${this.text(v).code};`);
    this.line(
      `if (${tape.refTop} > ${MAX_REFERENCES}) ${this.o.runtimeName('tooManyReferences')}(${tape.refTop});`,
    );
  }
  protected makeRoom({ tape, top, data }: TapeNames, slots: string): void {
    const need = `${top} + ${slots}`;
    this.line(`if (${need} > ${data}.length) ${data} = ${this.o.runtimeName('growTape')}(${tape}, ${need});`);
  }
  /** Makes room for all that a loop pushes, where that is known before it; gives the tapes that it is done for. */
  protected reserve(op: LoopOp, bounds: ReadonlyMap<ValueId, Text>): TapeNames[] {
    const known = (v: ValueId) => bounds.get(v) ?? this.texts.get(v);
    return this.tapes.filter((t) => {
      if (this.reserved.has(t.level)) return false;
      const room = this.reservations.room(op, t.level, known);
      if (room === undefined) return false;
      let slots = parenthesised(room, 12);
      if (/[^\w$.* ]/.test(slots)) {
        slots = this.names.fresh('room');
        this.line(`const ${slots} = ${room.code};`);
      }
      this.makeRoom(t, slots);
      return true;
    });
  }
  protected restore(op: RestoreOp): void {
    const tape = this.tapeOf(op);
    this.tagged(tape, 'checkTags', op);
    const { top, data } = tape;
    const [numbers, others] = this.byTape(op.pair, op.results);
    for (const v of [...others].reverse())
      this.name(v, { ...atom(`${tape.refs}[--${tape.refTop}]`), readsMemory: true });
    if (numbers.length === 0) return;
    this.line(`${top} -= ${numbers.length};`);
    numbers.forEach((v, k) => {
      const slot = k === 0 ? `${data}[${top}]` : `${data}[${top} + ${k}]`;
      this.name(v, { ...atom(this.type(v).kind === 'boolean' ? `${slot} !== 0` : slot), readsMemory: true });
    });
  }
}
