/** The keys of what is made of functions. */

const ENDS = {
  /** Halves. */
  forward: '_fwd',
  reverse: '_rev',
  /** Both of them in one call. */
  atOnce: '_vjp',
  tangent: '_jvp',
  /** Loops over steps that run again. */
  steps: '_forward',
  back: '_back',
  fixedPoint: '_adjoint',
} as const;

/** No key that is made is that of a function of the module, whatever its author, or a derivative inside, named it. */
export class Keys {
  private readonly mark: string;

  constructor(keys: Iterable<string>) {
    const all = [...keys];
    const taken = new Set(all);
    const isFree = (mark: string): boolean =>
      !all.some((key) => Object.values(ENDS).some((end) => taken.has(key + end + mark)));
    let mark = '';
    for (let n = 2; !isFree(mark); n++) mark = String(n);
    this.mark = mark;
  }

  of(key: string, what: keyof typeof ENDS): string {
    return key + ENDS[what] + this.mark;
  }
}
