import type { Evaluation, Runs, Timing } from './protocol.js';

/**
 * Runs an evaluation as often as the message asks and times each run. What is done once, before and after, is not timed:
 * making typed arrays of the input, and making the output (`output`, by default the last result itself).
 */
export function repeat<Result>(
  { min_runs, min_seconds }: Runs,
  run: () => Result,
  output: (result: Result) => unknown = (result) => result,
): Evaluation {
  const timings: Timing[] = [];
  let result: Result;
  let total = 0;
  do {
    const start = process.hrtime.bigint();
    result = run();
    const nanoseconds = Number(process.hrtime.bigint() - start);
    timings.push({ name: 'evaluate', nanoseconds });
    total += nanoseconds;
  } while (timings.length < min_runs || total < min_seconds * 1e9);
  return { output: output(result), timings };
}
