/** Builds the project as `tsc` does, or as it does with the transformer, and prints its CPU time in milliseconds. */
import { join } from 'node:path';
import transformer from '@adjoint/transformer';
import ts from 'typescript';

const [root, way] = process.argv.slice(2);
const before = process.cpuUsage();
const config = join(root, 'tsconfig.json');
const { options, fileNames } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(config, ts.sys.readFile).config,
  ts.sys,
  root,
  undefined,
  config,
);
const host = ts.createCompilerHost(options);
const program = ts.createProgram({ rootNames: fileNames, options, host });
const built =
  way === 'plugin' ? transformer(program, host, { transform: '@adjoint/transformer' }, { ts }) : program;
const problems = [...ts.getPreEmitDiagnostics(built), ...built.emit().diagnostics];
const { user, system } = process.cpuUsage(before);
if (problems.length > 0)
  throw new Error(ts.formatDiagnostics(problems.slice(0, 3), { ...host, getNewLine: () => '\n' }));
console.log(JSON.stringify([(user + system) / 1000]));
