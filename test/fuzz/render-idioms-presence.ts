/** What may be missing, and tests of what something is. */
import { type Idioms, variable } from './idiom-parts.js';

export const PRESENCE: Idioms = {
  'missing list in try': ({ name, e, small }) => {
    const [m, v] = [name('d'), name('v')];
    const lines = [
      `const ${m} = new Map<number, number[]>([[0, [${e(0)}]]]);`,
      `let ${v} = 0.1;`,
      `for (let i = 0; i < 2; i++) try { ${m}.get(i)!.push(Math.sin(${small(1)})); ${v} += ${m}.get(i)![0]; } catch { ${v} = ${v} * 0.5 - 0.3; ${m}.set(i, [${v}]); }`,
      `${v} += ${m}.get(1)![0] * ${m}.get(0)!.length;`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'asked for its type': ({ name, e, test, small }) => {
    const [m, rows, v] = [name('d'), name('k'), name('v')];
    const lines = [
      `const ${m} = new Map<string, number>([['a', ${e(0)}], ['b', 0.3]]);`,
      `const ${rows} = [[0.4, ${e(1)}], [0.2]];`,
      `if (${test()}) ${m}.delete('a');`,
      `let ${v} = 0;`,
      `for (const [i, k] of ['a', 'b', 'c'].entries()) { if (typeof ${m}.get(k) === 'undefined') ${v} += 0.1; else ${v} = ${v} * 0.5 + ${m}.get(k)!; if (Array.isArray(${rows}[i])) ${rows}[i][0] += Math.sin(${small(2)}) + ${v}; }`,
      `${v} += ${rows}[0][0] * ${rows}[1][0];`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'optional function': ({ name, e, test, seeing }) => {
    const [o, v] = [name('k'), name('v')];
    const lines = [
      `const ${o}: { of?: (u: number) => number; k: number } = ${test()} ? { k: ${e(0)}, of: (u) => ${seeing(1, 'u')} } : { k: 0.4 };`,
      `let ${v} = (${o}.of?.(${o}.k) ?? ${o}.k * 2) + (${o}.of ? ${o}.of(0.3) : ${e(2)});`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'optional chain of parts': ({ name, e, test, small }) => {
    const [o, v] = [name('k'), name('v')];
    const lines = [
      `const ${o}: { part?: { w?: number; of: number[] } } = ${test()} ? { part: { of: [${e(0)}] } } : {};`,
      `if (${o}.part) ${o}.part.w = Math.sin(${small(1)});`,
      `let ${v} = (${o}.part?.w ?? 0.6) * (${o}.part?.of[0] ?? ${e(2)}) + (${o}.part?.of.length ?? 0);`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'state that a call changes': ({ name, e, small }) => {
    const [m, gain, v] = [name('k'), name('k'), name('v')];
    const lines = [
      `const ${m} = { state: 'idle' as 'idle' | 'busy' | 'done', go() { this.state = this.state === 'idle' ? 'busy' : 'done'; } };`,
      `const ${gain} = { idle: ${e(0)}, busy: ${e(1)}, done: 0.3 };`,
      `let ${v} = 0;`,
      `for (let i = 0; i < 3; i++) if (${m}.state !== 'done') { ${m}.go(); ${v} = ${v} * 0.5 + ${gain}[${m}.state]; ${gain}[${m}.state] += Math.sin(${small(2)}); }`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'neighbours of a cell': ({ name, some, e }) => {
    const m = some('mat');
    if (m === undefined) return undefined;
    const v = name('v');
    const lines = [
      `let ${v} = ${e(0)};`,
      `for (let r = 0; r < ${m}.length; r++) for (let k = 0; k < 3; k += 2) ${v} = ${v} * 0.5 + (${m}[r - 1]?.[k] ?? 0.2) + (${m}[r][k + 1] ?? ${m}[r][0]) * 0.3;`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'told apart by a key': ({ name, e, test, small }) => {
    const [all, v] = [name('k'), name('v')];
    const lines = [
      `type Part${all} = { r: number } | { w: number; h: number };`,
      `const ${all}: Part${all}[] = [{ r: ${e(0)} }, { w: 0.4, h: ${e(1)} }];`,
      `if (${test()}) ${all}.push(${all}[0], { w: 0.2, h: 0.3 });`,
      `let ${v} = 0;`,
      `for (const o of ${all}) { if ('r' in o) o.r += Math.sin(${small(2)}); ${v} = ${v} * 0.5 + ('r' in o ? o.r * o.r : o.w * o.h); }`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'order of their choice': ({ name, some, test, e }) => {
    const of = some('list', 'arr');
    if (of === undefined) return undefined;
    const [by, l, v] = [name('k'), name('l'), name('v')];
    const lines = [
      `const ${by}: { up?: (p: number, r: number) => number } = ${test()} ? { up: (p, r) => r - p } : {};`,
      `let ${l}: number[] = [...${of}, ${e(0)}].sort(${by}.up ?? ((p, r) => p - r));`,
      `let ${v} = ${l}[0] * 2 + ${l}[${l}.length - 1];`,
    ];
    return { lines, variables: [variable(l, 'list'), variable(v, 'num')] };
  },
  'found or not': ({ name, some, e, seeing }) => {
    const of = some('list', 'arr', 'f64');
    if (of === undefined) return undefined;
    const [y, v] = [name('k'), name('v')];
    const lines = [
      `const ${y} = ${of}.find((u) => u > ${seeing(0)});`,
      `let ${v} = ${y} === undefined ? ${e(1)} : ${y} * 2;`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
};
