/**
 * npm run try -- FILE [--only a,b] [--code] [--report] [--ir pass,...] [--general] [--no-check]
 *
 * Checks programs in all the ways a fixture is checked: differences, the tape, forward mode, check mode. A file holds one
 * program, or several behind lines `//--- name`. Each exports `f` and either `cases`, as a fixture does, or `args`, the
 * arguments of one call, all of which are differentiated (or those of `argnums`).
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { printModule } from '../../packages/compiler/src/ir/print.js';
import { compareForms } from '../support/cheap-forms.js';
import { checkCase, checkOnTape } from '../support/check-fixture.js';
import { compileSources, type Sources, typeCheck } from '../support/compile.js';
import { renderDiagnostics } from '../support/diagnostics.js';
import { type Build, callSites, loadPlain, type Site, sitesOf } from '../support/fixture.js';
import type { AnyFunction } from '../support/numeric.js';
import { leaves } from '../support/tree.js';

interface Options {
  readonly code: boolean;
  readonly report: boolean;
  readonly ir: readonly string[];
  readonly general: boolean;
  readonly check: boolean;
}

/** Prints what does not hold of each program; the exit code says whether there is anything. */
export async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      code: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
      ir: { type: 'string' },
      general: { type: 'boolean', default: false },
      'no-check': { type: 'boolean', default: false },
    },
  });
  const file = positionals[0];
  if (file === undefined) throw new Error('name a file of programs');
  const only = values.only?.split(',');
  const options = {
    code: values.code,
    report: values.report,
    ir: values.ir?.split(',') ?? [],
    general: values.general,
    check: !values['no-check'],
  };
  let failed = 0;
  for (const [name, text] of programsOf(readFileSync(resolve(process.env.INIT_CWD ?? '.', file), 'utf8'))) {
    if (only && !only.includes(name)) continue;
    const problems = await tried(text, options).catch((error) => [String(error?.stack ?? error)]);
    console.log(`${problems.length === 0 ? 'ok   ' : 'FAILS'} ${name}`);
    for (const p of problems) console.log(`      ${p.replaceAll('\n', '\n      ')}`);
    if (problems.length > 0) failed++;
  }
  return failed > 0 ? 1 : 0;
}

function programsOf(text: string): [name: string, text: string][] {
  const [first, ...rest] = text.split(/^\/\/--- */m);
  const named = rest.map((part): [string, string] => {
    const end = part.indexOf('\n');
    return [part.slice(0, end).trim(), part.slice(end + 1)];
  });
  return rest.length === 0 ? [['program', first]] : named.map(([name, part]) => [name, first + part]);
}

async function tried(text: string, options: Options): Promise<string[]> {
  const input = { 'input.ts': text };
  const errors = typeCheck(input);
  if (errors.length > 0) return errors;
  const plain = await loadPlain({ id: 'tried', folder: '', sources: input });
  if (plain.cases === undefined) {
    const args = plain.args as unknown[];
    const numeric = args.flatMap((arg, k) => (leaves([arg]).length > 0 ? [k] : []));
    const argnums = (plain.argnums as number[] | undefined) ?? numeric;
    plain.cases = [{ args, argnums }];
  }
  const sites = sitesOf(plain);
  const { 'tape.ts': tape, ...own } = callSites(sites);
  const problems: string[] = [];
  const seen = new Set<string>();
  const build = async (what: string, sources: Sources, settings: Parameters<typeof compileSources>[1]) => {
    const compiled = compileSources(sources, settings);
    const shown = renderDiagnostics(compiled.diagnostics, sources).trim();
    if (shown !== '' && !seen.has(shown)) console.log(`${what}\n${shown}`);
    seen.add(shown);
    if (!compiled.diagnostics.some((d) => d.severity === 'error')) return compiled;
    problems.push(`${what}: refused`);
    return undefined;
  };
  const derivatives = async (check: boolean, cheapForms = true): Promise<Build | undefined> => {
    const compiled = await build(
      check ? 'check mode' : 'adjoint',
      { ...input, ...own },
      {
        check,
        cheapForms,
        observe: (file) => (pass, module) => {
          if (check || file !== 'reverse.ts' || !options.ir.includes(pass)) return;
          console.log(`--- ${pass}\n${printModule(module)}`);
        },
      },
    );
    if (!compiled) return undefined;
    if (!check && cheapForms && options.code) console.log(compiled.generated('reverse.ts'));
    if (!check && cheapForms && options.report) console.log(compiled.report('reverse.ts'));
    const all = {};
    for (const name of Object.keys(own)) Object.assign(all, await compiled.load(name));
    return { compiled, derivatives: all, taped: {}, input: {} };
  };
  const usual = await derivatives(false);
  const checked = options.check ? await derivatives(true) : undefined;
  const general = options.general ? await derivatives(false, false) : undefined;
  const onTape = tape === undefined ? undefined : await build('tape', { ...input, 'tape.ts': tape }, {});
  const taped = (await onTape?.load('tape.ts')) as Build['taped'] | undefined;
  const attempt = (what: string, list: () => string[]): void => {
    try {
      problems.push(...list().map((p) => `${what}: ${p}`));
    } catch (error) {
      problems.push(`${what}: ${(error as Error).stack ?? error}`);
    }
  };
  for (const site of sites) {
    const f = plain[site.fn] as AnyFunction;
    for (const one of site.cases) {
      if (usual) attempt('adjoint', () => checkCase(f, site, one, usual));
      if (checked) attempt('check mode', () => checkCase(f, site, one, checked));
      if (usual && taped) attempt('tape', () => checkOnTape(f, site, one, { ...usual, taped }));
      if (usual && general) attempt('general forms', () => formsOf(f, site, one.args, usual, general));
    }
  }
  return problems;
}
function formsOf(
  f: AnyFunction,
  site: Site,
  args: readonly unknown[],
  usual: Build,
  general: Build,
): string[] {
  const form = site.vector ? 'vjp' : 'valueAndGrad';
  const name = `${site.name}_${form}`;
  const subject = { f, args, argnums: site.argnums };
  return compareForms(subject, form, usual.derivatives[name], general.derivatives[name]);
}
