import { isFunctionRecord } from '../host/types.js';
import type { Type } from '../ir/nodes.js';
import { carriesDerivative, present, refType } from '../ir/types.js';

/** What is found out of the whole program while it is lowered: once a fact is noted, the program is lowered again. */
export class ProgramFacts {
  /** Whether a fact became wider since `begin`. */
  changed = false;

  /** Code from outside is called, which may assign variables of modules. */
  callsOutside = false;
  noteOutsideCall(): void {
    if (this.callsOutside) return;
    this.callsOutside = true;
    this.changed = true;
  }

  /** Modes of the derivatives that are taken inside the program: what is in it may be differentiated twice. */
  readonly derivesInside = new Set<'forward' | 'reverse'>();
  noteDerivative(mode: 'forward' | 'reverse'): void {
    if (this.derivesInside.has(mode)) return;
    this.derivesInside.add(mode);
    this.changed = true;
  }

  /** Something is stored in an array under a key that is no index: deep copies have it too. */
  keysBeside = false;
  noteKeyBeside(): void {
    if (this.keysBeside) return;
    this.keysBeside = true;
    this.changed = true;
  }

  /** Symbols are used as keys: copies have them too. */
  symbolKeys = false;
  noteSymbolKey(): void {
    if (this.symbolKeys) return;
    this.symbolKeys = true;
    this.changed = true;
  }

  /** Functions that are made while the program runs are compared: each is an object of its own from where it is made. */
  comparesFunctions = false;
  noteComparison(): void {
    if (this.comparesFunctions) return;
    this.comparesFunctions = true;
    this.changed = true;
  }

  /** Functions that are in objects outside are looked for in the source that makes those objects. */
  readsTables = false;
  readTables(): boolean {
    if (this.readsTables) return false;
    this.readsTables = true;
    this.changed = true;
    // what holds functions of tables was taken for data
    this.forgetTypes();
    return true;
  }
  /** Before the next attempt: what this one still finds out is of the types that it has. */
  protected forgetTypes(): void {
    this.isStale = true;
  }
  protected isStale = false;

  /** A function of the program's meets one that an object outside holds: the source of that object tells which one. Whether that is news. */
  noteFunction(a: Type, b: Type): boolean {
    const isOutside = [a, b].some((t) => present(t).kind === 'opaque');
    return isOutside && [a, b].some(isFunctionRecord) && (this.readTables() || this.isStale);
  }
  /**
   * An object of the program's without numbers was to be put where a declared type says that there are data (`Map<string, Account>` where
   * an account has a name only): what is put there tells more. Whether that is news.
   */
  noteData(a: Type, b: Type): boolean {
    const value = a.kind === 'opaque' ? b : a;
    const isObject = refType(value) !== undefined && !carriesDerivative(value);
    if (!isObject || (a.kind !== 'opaque' && b.kind !== 'opaque')) return false;
    if (this.holdsData) return this.isStale;
    this.holdsData = true;
    this.changed = true;
    this.forgetTypes();
    return true;
  }
  protected holdsData = false;
}
