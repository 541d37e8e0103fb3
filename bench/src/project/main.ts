/**
 * What the plugin adds to the build of a project: the first build by TypeScript without and with the transformer, each in a fresh
 * process, and a file that is edited and transformed again, as in a dev server. Prints both, and writes project.json into the folder
 * given as the first argument.
 */
import { spawnSync } from 'node:child_process';
import { realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threeFigures } from '../report.js';
import { differentiates, MODULES, writeProject } from './files.js';

const [folder, ...flags] = process.argv.slice(2);
const root = join(folder, 'project');
const ROUNDS = flags.includes('--quick') ? 3 : 7;
const BARS = { build: 1.5, edit: 100 };

const here = dirname(fileURLToPath(import.meta.url));
const packageOf = (name: string): string =>
  realpathSync(join(dirname(fileURLToPath(import.meta.resolve(name))), '..'));

/** One run in a process of its own; gives milliseconds. */
function run(script: string, ...args: string[]): number[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(here, script), root, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${script} ${args.join(' ')}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as number[];
}
const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1];

writeProject(root, packageOf('adjoint'));
const builds = { plain: [] as number[], plugin: [] as number[] };
const edits: number[] = [];
for (let k = 0; k < ROUNDS; k++) {
  for (const way of ['plain', 'plugin'] as const) builds[way].push(...run('build.js', way));
  edits.push(...run('edit.js'));
}

const markers = Array.from({ length: MODULES }, (_, k) => k).filter(differentiates).length;
const build = { plain: median(builds.plain), plugin: median(builds.plugin) };
const edit = median(edits);
const ratio = build.plugin / build.plain;
console.log(`Node ${process.versions.node}, ${MODULES} files, ${markers} of them with a gradient, medians of ${ROUNDS} processes

first build, CPU time   tsc ${threeFigures(build.plain)} ms   with adjoint ${threeFigures(build.plugin)} ms   ratio ${ratio.toFixed(2)} (bar ${BARS.build})
one edit, elapsed time   ${threeFigures(edit)} ms (bar ${BARS.edit} ms)
`);
writeFileSync(join(folder, 'project.json'), `${JSON.stringify({ build, edit }, null, 2)}\n`);
