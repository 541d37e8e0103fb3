/** Timing: interleaved rounds of batches, in CPU time, summed up by medians and quartiles. */

export interface Summary {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

type Loop = (run: (i: number) => number, count: number) => number;

/** Keeps results alive that nobody looks at. */
export let sink = 0;

/**
 * The loop that calls `run`: a new function each time, so that the compiler of the engine inlines the candidate
 * into it and the candidates do not share one polymorphic call site.
 */
function makeLoop(): Loop {
  return new Function(
    'run',
    'count',
    'let sum = 0; for (let i = 0; i < count; i++) sum += run(i); return sum;',
  ) as Loop;
}

/** CPU time of the process in microseconds: other work on the machine and waiting do not count, collections do. */
function cpuTime(): number {
  const used = process.cpuUsage();
  return used.user + used.system;
}

class Candidate {
  /** Microseconds a call, one entry a round. */
  readonly times: number[] = [];
  private readonly loop = makeLoop();
  private count = 1;

  constructor(private readonly run: (i: number) => number) {}

  sample(): number {
    const start = cpuTime();
    sink += this.loop(this.run, this.count);
    return cpuTime() - start;
  }

  /** Warms up, then finds how many calls a sample needs: doubles them until one is long enough twice in a row. */
  calibrate(sampleTime: number, warmUp: number): void {
    let spent = 0;
    let longEnough = 0;
    while (longEnough < 2 || spent < warmUp) {
      const time = this.sample();
      spent += time;
      if (time < sampleTime) {
        this.count *= time < sampleTime / 2 ? 2 : 1.25;
        this.count = Math.ceil(this.count);
        longEnough = 0;
      } else {
        longEnough++;
      }
    }
  }

  record(): void {
    const time = this.sample();
    this.times.push(time / this.count);
  }
}

export interface Plan {
  readonly rounds: number;
  /** Shortest sample and warm-up of one candidate, in microseconds. */
  readonly sampleTime: number;
  readonly warmUp: number;
}

export const QUICK: Plan = { rounds: 20, sampleTime: 2000, warmUp: 10_000 };
export const FULL: Plan = { rounds: 40, sampleTime: 4000, warmUp: 60_000 };

/**
 * Times the candidates against each other: in every round each is sampled once, beginning with another one, so that
 * slow and fast spells of the machine meet all of them. Gives microseconds a call, by round.
 */
export function measure<Name extends string>(
  runs: Readonly<Record<Name, (i: number) => number>>,
  plan: Plan,
): Record<Name, readonly number[]> {
  const names = Object.keys(runs) as Name[];
  const candidates = names.map((name) => new Candidate(runs[name]));
  for (const candidate of candidates) candidate.calibrate(plan.sampleTime, plan.warmUp);
  for (let round = 0; round < plan.rounds; round++) {
    for (let k = 0; k < candidates.length; k++) candidates[(round + k) % candidates.length].record();
  }
  const times = {} as Record<Name, readonly number[]>;
  names.forEach((name, k) => {
    times[name] = candidates[k].times;
  });
  return times;
}

export function summarise(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const quantile = (q: number) => {
    const at = q * (sorted.length - 1);
    const below = Math.floor(at);
    const above = Math.ceil(at);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  };
  return { median: quantile(0.5), lower: quantile(0.25), upper: quantile(0.75) };
}

/** Quotients taken round by round, summed up. */
export function ratio(over: readonly number[], under: readonly number[]): Summary {
  return summarise(over.map((time, round) => time / under[round]));
}
