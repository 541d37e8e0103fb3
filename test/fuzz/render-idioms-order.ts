/** In which order things happen: what a loop changes under itself, targets before values, variables that closures share. */
import { type Idioms, variable } from './idiom-parts.js';

export const ORDER: Idioms = {
  'keys of a growing list': ({ name, e, seeing }) => {
    const [l, v] = [name('l'), name('v')];
    const lines = [
      `let ${l}: number[] = [${e(0)}];`,
      `for (const i of ${l}.keys()) if (${l}.length < 4) ${l}.push(Math.sin(${l}[i]) + ${seeing(1)});`,
      `let ${v} = ${l}[${l}.length - 1];`,
    ];
    return { lines, variables: [variable(l, 'list'), variable(v, 'num')] };
  },
  'entries that change': ({ name, some, e }) => {
    const of = some('list', 'arr', 'f64');
    if (of === undefined) return undefined;
    const v = name('v');
    const lines = [
      `let ${v} = ${e(0)};`,
      `for (const [i, y] of ${of}.entries()) { if (i + 1 < ${of}.length) ${of}[i + 1] += Math.sin(y); ${v} = ${v} * 0.5 + y * i; }`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'map that grows': ({ name, e, small }) => {
    const [m, v] = [name('d'), name('v')];
    const lines = [
      `const ${m} = new Map<string, number>([['a', ${e(0)}], ['b', 0.3]]);`,
      `let ${v} = 0;`,
      `for (const [k, y] of ${m}) { ${v} = ${v} * 0.5 + y; if (${m}.size < 4) { ${m}.set(k + 'c', Math.sin(${small(1)}) + y); ${m}.delete('b'); } }`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'variable of all trips': ({ name, e }) => {
    const [fs, shared, v] = [name('k'), name('v'), name('v')];
    const lines = [
      `const ${fs}: (() => number)[] = [];`,
      `for (const u of [0.5, ${e(0)}]) { var ${shared} = u * ${e(1)}; const own = u; ${fs}.push(() => ${shared} + own); }`,
      `let ${v} = ${fs}[0]() * ${fs}[1]();`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'variable of each trip': ({ name, e, small }) => {
    const [fs, v] = [name('k'), name('v')];
    const lines = [
      `const ${fs}: ((by: number) => number)[] = [];`,
      `for (let i = 0; i < 3; i++) { let own = ${e(0)} * i; ${fs}.push((by) => (own += by * 0.5)); }`,
      `let ${v} = ${fs}[1](${small(1)}) + ${fs}[2](0.3) * ${fs}[1](0.2);`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'steps of two': ({ name, e, seeing }) => {
    const v = name('v');
    const lines = [
      `let ${v} = 0.1;`,
      `for (let i = -3, end = 3 * Math.sin(${e(0)}); i < end; i += 2) ${v} = ${v} * 0.5 + ${seeing(1, 'i')};`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'targets before values': ({ name, some, e, small }) => {
    const of = some('list', 'arr', 'f64');
    if (of === undefined) return undefined;
    const i = name('n');
    return {
      lines: [
        `let ${i} = 0;`,
        `if (${of}.length > 2) { [${of}[${i}++], ${of}[${i}]] = [Math.sin(${small(0)}), ${of}[0] + ${i}]; ${of}[${i}] = ${of}[++${i}] * 0.5 + Math.sin(${e(1)}); }`,
      ],
      variables: [variable(i, 'int', false)],
    };
  },
  'fallback in the middle': ({ name, e, small, test }) => {
    const [w, v] = [name('k'), name('v')];
    const lines = [
      `let ${w} = ${test()} ? 'up' : 'flat';`,
      `let ${v} = ${e(0)};`,
      `for (let i = 0; i < 3; i++) switch (${w}) { case 'up': ${v} += Math.sin(${small(1)}); ${w} = 'other'; default: ${v} *= 0.5; if (i === 1) ${w} = 'flat'; break; case 'flat': ${v} = Math.sin(${v}) - 0.2; }`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'jumps out of finally': ({ name, e, small, test }) => {
    const v = name('v');
    const lines = [
      `let ${v} = ${e(0)};`,
      `for (let i = 0; i < 4; i++) { try { if (i === 2) continue; ${v} += Math.sin(${small(1)}); if (${test()}) break; } finally { ${v} *= 0.7; if (i === 1) continue; ${v} -= 0.1; } ${v} = Math.sin(${v}); }`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'queue by time': ({ name, e, small }) => {
    const [q, v] = [name('k'), name('v')];
    const lines = [
      `const ${q} = [{ at: ${e(0)}, w: 0.5 }, { at: ${e(1)}, w: 0.3 }];`,
      `let ${v} = 0;`,
      `for (let n = 0; n < 4 && ${q}.length > 0; n++) { ${q}.sort((p, r) => p.at - r.at); const { at, w } = ${q}.shift()!; ${v} = ${v} * 0.5 + at * w; if (n < 2) ${q}.push({ at: Math.sin(at) + w, w: Math.sin(${small(2)}) }); }`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'results kept by key': ({ name, seeing, e }) => {
    const [kept, g, v] = [name('d'), name('g'), name('v')];
    const lines = [
      `const ${kept} = new Map<string, number>();`,
      `const ${g} = (i: number, k: number): number => { if (i <= 0 || k <= 0) return 0.4 + i; const key = \`\${i},\${k}\`; const known = ${kept}.get(key); if (known !== undefined) return known; const made = Math.sin(${g}(i - 1, k) + 0.5 * ${g}(i, k - 1)) + ${seeing(0)}; ${kept}.set(key, made); return made; };`,
      `let ${v} = ${g}(2, 2) + ${kept}.size * ${e(1)};`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
};
