/** Effects of a part that runs again: they happen once, and what they gave is given again. */

export class Log {
  private readonly values: unknown[] = [];
  private cursor = 0;
  private isReplay = false;

  /** `outer`: the log of a part around, which may itself run again. */
  constructor(private readonly outer: Log | undefined) {}

  /** What an operation gives: when the part runs again, what it gave before. */
  recall(run: () => unknown): any {
    if (this.isReplay) return this.values[this.cursor++];
    const value = this.outer ? this.outer.recall(run) : run();
    this.values.push(value);
    return value;
  }
  /** An operation that gives nothing. */
  effect(run: () => unknown): void {
    if (this.isReplay) return;
    if (this.outer) this.outer.effect(run);
    else run();
  }
  /** How many values there were before what comes next. */
  get position(): number {
    return this.isReplay ? this.cursor : this.values.length;
  }
  replay(from: number): void {
    this.isReplay = true;
    this.cursor = from;
  }
}

export const makeLog = (outer?: Log): Log => new Log(outer);
export const replay = (log: Log): void => log.replay(0);
