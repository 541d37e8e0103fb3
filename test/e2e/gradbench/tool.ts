import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { respond } from '../../../bench/gradbench/src/respond.js';

type Answer = ReturnType<typeof respond>;
interface Evaluated {
  readonly output: unknown;
  readonly timings: readonly { readonly name: string; readonly nanoseconds: number }[];
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const once = { min_runs: 1, min_seconds: 0 };

/** Starts the tool for GradBench as its own process; messages are answered in their order. */
export function startTool() {
  const child = spawn(process.execPath, [join(root, 'bench', 'gradbench', 'run.mjs')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const diedEarly = ended.then((code): never => {
    throw new Error(`the tool ended with ${code}: ${errors}`);
  });
  diedEarly.catch(() => {});
  let id = 0;

  /** Sends a line as it is. */
  const send = (line: string): void => {
    child.stdin.write(`${line}\n`);
  };
  const ask = async (message: object): Promise<Answer & { id: number }> => {
    id++;
    const answer = new Promise<string>((resolve) => waiting.push(resolve));
    send(JSON.stringify({ id, ...message }));
    return JSON.parse(await Promise.race([answer, diedEarly]));
  };
  const evaluate = async (module: string, name: string, input: unknown): Promise<Evaluated> => {
    const answer = await ask({ kind: 'evaluate', module, function: name, input });
    if (!('output' in answer)) throw new Error(JSON.stringify(answer));
    return answer;
  };
  /** The output of one run. */
  const output = async <Output = number[]>(module: string, name: string, input: object): Promise<Output> =>
    (await evaluate(module, name, { ...input, ...once })).output as Output;

  return {
    ask,
    send,
    evaluate,
    output,
    errors: () => errors,
    end: () => {
      child.stdin.end();
      return ended;
    },
  };
}
