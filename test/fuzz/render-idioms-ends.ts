/** Functions that end by returns alone, and what they return is written before and behind. */
import { type Idioms, variable } from './idiom-parts.js';

export const ENDS: Idioms = {
  'object of a kind': ({ name, e, test, small }) => {
    const [g, kind, o] = [name('g'), name('k'), name('o')];
    const lines = [
      `const ${g} = (${kind}: 'flat' | 'round', u: number): Obj => { switch (${kind}) { case 'flat': return { a: u, b: ${e(0)}, v: [u, 0.5, ${e(1)}] }; case 'round': { const made: Obj = { a: ${e(1)}, b: u * u, v: [0.2, u, 0.7] }; made.v[1] *= made.a; return made; } } };`,
      `let ${o} = ${g}(${test()} ? 'flat' : 'round', ${e(2)});`,
      `${o}.v[0] = Math.sin(${o}.a * ${small(0)}) + ${o}.v[1];`,
    ];
    return { lines, variables: [variable(o, 'obj')] };
  },
  'first or none': ({ name, some, e, seeing }) => {
    const of = some('list', 'arr', 'f64');
    if (of === undefined) return undefined;
    const [g, v] = [name('g'), name('v')];
    const lines = [
      `const ${g} = (least: number): number[] => { for (const y of ${of}) if (y > least) return [y, y * ${seeing(0, 'y')}]; throw new Error('none'); };`,
      `let ${v} = ${e(1)};`,
      `try { const found = ${g}(${e(2)}); found[0] *= ${v}; ${v} = found[0] + found[1]; } catch { ${v} *= 0.5; }`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'given or made': ({ name, some, e, test, small }) => {
    const of = some('arr');
    if (of === undefined) return undefined;
    const [g, a] = [name('g'), name('a')];
    const lines = [
      `const ${g} = (given: number[], n: number): number[] => { for (;;) { if (${test()}) return given; given = [given[1], Math.sin(${small(0)}), given[0]]; if (n-- < 1) return given; } };`,
      `let ${a} = ${g}(${of}, 2);`,
      `${a}[0] = Math.sin(${a}[1]) * 0.5 + ${e(1)};`,
    ];
    return { lines, variables: [variable(a, 'arr')] };
  },
  'instance of a choice': ({ name, e, test, small }) => {
    const [g, w, v] = [name('g'), name('w'), name('v')];
    const lines = [
      `const ${g} = (u: number): Vec => { if (${test()}) { const made = new Vec(u, ${e(0)}); made.x += Math.sin(${small(1)}); return made; } else return new Vec(${e(1)}, u); };`,
      `let ${w} = ${g}(${e(2)});`,
      `${w}.y = Math.sin(${w}.x) + ${w}.y;`,
      `let ${v} = ${w}.x * ${w}.y;`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
};
