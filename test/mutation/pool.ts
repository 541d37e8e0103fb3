/** Worker processes with a task each; one that does not answer in time is ended and replaced. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Reply, Request } from './worker.js';

/** A program under a mutant takes a second at most, but for a busy machine. */
const PATIENCE_MS = 45_000;

export type Done = Reply | { readonly lost: string };

export class Pool {
  private readonly idle: ChildProcess[] = [];

  constructor(
    readonly script: string,
    readonly folder: string,
  ) {}

  private start(): ChildProcess {
    return fork(this.script, [this.folder], {
      execArgv: ['--max-old-space-size=3000', '--stack-size=2000'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  }

  run(request: Request): Promise<Done> {
    const child = this.idle.pop() ?? this.start();
    return new Promise((resolve) => {
      const finish = (done: Done, reusable: boolean) => {
        clearTimeout(timer);
        child.removeAllListeners('message');
        child.removeAllListeners('exit');
        if (reusable) this.idle.push(child);
        else child.kill('SIGKILL');
        resolve(done);
      };
      const timer = setTimeout(() => finish({ lost: 'no end' }, false), PATIENCE_MS);
      child.on('exit', () => finish({ lost: 'the process ended' }, false));
      child.on('message', (reply: Reply) => finish(reply, true));
      child.send(request);
    });
  }

  close(): void {
    for (const child of this.idle) child.kill();
  }
}

/** Runs `work` on each item, `jobs` at a time. */
export async function inParallel<T>(
  items: readonly T[],
  jobs: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const runner = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: jobs }, runner));
}
