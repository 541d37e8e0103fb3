/** Names in emitted code: the user's, made unique in the function and kept clear of everything in scope. */
const RESERVED = new Set(
  'abstract any arguments as async await boolean break case catch class const continue debugger default delete do else enum eval export extends false finally for from function get if implements import in infer instanceof interface is keyof let module namespace never new null number object of package private protected public readonly return require set static string super switch symbol this throw true try type typeof undefined unique unknown var void while with yield Math Array Float64Array Float32Array Number Object NaN Infinity console'.split(
    ' ',
  ),
);

export class Names {
  private readonly taken: Set<string>;
  /** The number from which a name may be free. */
  private readonly next = new Map<string, number>();

  constructor(avoid: Iterable<string> = []) {
    this.taken = new Set([...RESERVED, ...avoid]);
  }
  reserve(name: string): void {
    this.taken.add(name);
  }
  /** A fresh name made from a wish. */
  fresh(wish: string): string {
    const base = /^[A-Za-z_$][\w$]*$/.test(wish) ? wish : 't';
    let name = base;
    let k = this.next.get(base) ?? 1;
    for (; this.taken.has(name); k++) name = `${base}${/\d$/.test(base) ? '_' : ''}${k}`;
    this.next.set(base, k);
    this.taken.add(name);
    return name;
  }
}
