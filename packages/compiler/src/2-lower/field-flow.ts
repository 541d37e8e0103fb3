/**
 * **Question**: which fields does an object have, and which have got a value, at the place that a walk through its constructors has come
 * to; and in which order were they made? A key that is made in one arm of a branch only, or in a loop, has no sure place in the order.
 */

/** A field becomes a key of the object, surely or perhaps. */
interface Creation {
  readonly name: string;
  readonly isSure: boolean;
}

export class FieldFlow {
  /** Fields that are keys of the object. */
  readonly there = new Set<string>();
  /** Fields that have got a value. */
  given = new Set<string>();
  private creations: Creation[] = [];
  private readonly surelyThere = new Set<string>();
  /** Whether this place is reached; and what was given where functions around it are left. */
  private isReached = true;
  private exits: Set<string>[] = [];
  /** How much stands around this place that may keep it from being run, or run it several times. */
  private doubts = 0;

  give(name: string): void {
    this.define(name);
    this.given.add(name);
  }
  /** A field becomes a key of the object, if it is none yet. */
  define(name: string): void {
    this.there.add(name);
    if (this.surelyThere.has(name)) return;
    const isSure = this.doubts === 0;
    if (isSure) this.surelyThere.add(name);
    this.creations.push({ name, isSure });
  }

  /** What may run, or may not, or several times: nothing that it gives is sure, and in a later trip it may make what the first did not. */
  aside(run: () => void, isLoop = false): void {
    const before = [new Set(this.given), this.isReached] as const;
    const { doubts, creations } = this;
    const earlier = creations.length;
    this.doubts++;
    run();
    if (isLoop) this.creations.push(...creations.slice(earlier));
    this.doubts = doubts;
    [this.given, this.isReached] = before;
  }
  /** One of two runs. */
  choice(first: () => void, second: () => void): void {
    const before = new Set(this.given);
    const { isReached, creations: earlier, doubts } = this;
    const arm = (run: () => void) => {
      this.creations = [];
      this.doubts = doubts + 1;
      run();
      return { given: this.given, isReached: this.isReached, made: this.creations, left: this.doubts };
    };
    const a = arm(first);
    [this.given, this.isReached] = [before, isReached];
    const b = arm(second);
    this.creations = earlier;
    this.doubts = Math.max(a.left, b.left) - 1;
    if (namesOf(a.made) !== namesOf(b.made)) this.creations.push(...a.made, ...b.made);
    else for (const { name } of a.made) this.define(name);
    if (!b.isReached) this.given = a.given;
    else if (a.isReached) this.given = common(a.given, b.given);
    this.isReached = a.isReached || b.isReached;
  }
  /** A function is left here, by `return` or by an error. */
  leave(isReturn: boolean): void {
    if (isReturn) this.exits.push(new Set(this.given));
    this.isReached = false;
    this.doubts++;
  }
  /** The body of a function, which goes on behind its exits. */
  body(run: () => void): void {
    const outer = this.exits;
    const { doubts } = this;
    this.exits = [];
    run();
    if (this.isReached || this.exits.length === 0) this.exits.push(this.given);
    this.given = this.exits.reduce((a, b) => common(a, b));
    this.isReached = true;
    this.exits = outer;
    this.doubts = doubts;
  }

  /** The keys in the order in which they were made. */
  get order(): readonly string[] {
    const place = (name: string): number => {
      const sure = this.creations.findIndex((c) => c.isSure && c.name === name);
      return sure >= 0 ? sure : this.creations.findIndex((c) => c.name === name);
    };
    return [...this.there].sort((a, b) => place(a) - place(b));
  }
  /** The first key that may also have been made before or behind another one. */
  get unsure(): string | undefined {
    return [...this.there].find((name) => {
      const first = this.creations.findIndex((c) => c.name === name);
      const last = this.creations.findLastIndex((c) => c.name === name);
      return this.creations.slice(first, last).some((c) => c.name !== name);
    });
  }
}

const namesOf = (made: readonly Creation[]): string => made.map((c) => c.name).join();
const common = (a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> =>
  new Set([...a].filter((x) => b.has(x)));
