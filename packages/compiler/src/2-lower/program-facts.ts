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
}
