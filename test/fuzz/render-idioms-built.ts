/** How objects are built: fields in their order, accessors beside fields, subclasses, frozen objects, copies. */
import { type Idioms, variable } from './idiom-parts.js';

export const BUILT: Idioms = {
  'accessor beside field': ({ name, e, seeing, small, test }) => {
    const [all, v] = [name('k'), name('v')];
    const lines = [
      `const ${all}: { area: number; by: number }[] = [{ get area() { return this.by * ${seeing(0)}; }, by: 0.5 }, { area: ${e(1)}, by: 2 }];`,
      `if (${test()}) ${all}.reverse();`,
      `${all}[0].by += Math.sin(${small(2)});`,
      `let ${v} = ${all}.reduce((s, o) => s * 0.5 + o.area * o.by, 0);`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'pair of accessors': ({ name, e, small }) => {
    const [o, v] = [name('k'), name('v')];
    const lines = [
      `const ${o} = { half: ${e(0)}, get whole() { return this.half * 2; }, set whole(w: number) { this.half = Math.sin(w) / 2; } };`,
      `${o}.whole += ${small(1)};`,
      `const { whole: ${v}w, ...${v}r } = ${o};`,
      `let ${v} = ${v}w * ${v}r.half;`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'fields in their order': ({ name, e, small, test }) => {
    const [base, sub, v] = [name('C'), name('C'), name('v')];
    const lines = [
      `class ${base} { a = 0.4; b = this.a * 2; constructor(public k: number) { this.a += this.start(); } start(): number { return this.k; } get sum() { return this.a + this.b * this.k; } }`,
      `class ${sub} extends ${base} { c = this.sum; override b = this.c * 0.5; #d = 0.3; constructor(k: number, readonly w: number) { super(k * 0.5); this.#d += this.c * w; } override start(): number { return super.start() * 2; } get all() { return this.sum + this.#d * this.w; } }`,
      `const ${v}o = ${test()} ? new ${sub}(${e(0)}, 0.7) : new ${base}(${e(1)});`,
      `${v}o.k = Math.sin(${small(2)});`,
      `let ${v} = ${v}o instanceof ${sub} ? ${v}o.all : ${v}o.sum;`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'keys in their order': ({ name, e, test }) => {
    const [o, v] = [name('k'), name('v')];
    const lines = [
      `const ${o}: Record<string, number> = { z: ${e(0)}, 2: 0.3, a: ${e(1)} };`,
      `if (${test()}) { delete ${o}.z; ${o}[1] = ${e(2)}; ${o}.z = 0.4; }`,
      `let ${v} = 0;`,
      `for (const k in ${o}) ${v} = ${v} * 0.5 + ${o}[k] * (k === 'a' ? 2 : k.length);`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'frozen settings': ({ name, e, small, seeing }) => {
    const [o, v] = [name('k'), name('v')];
    const lines = [
      `const ${o} = Object.freeze({ rate: ${e(0)}, parts: [0.4, ${e(1)}], of(u: number) { return this.rate * ${seeing(2, 'u')}; } });`,
      `${o}.parts[0] += Math.sin(${small(1)});`,
      `let ${v} = ${o}.of(${o}.parts[0]) + ${o}.parts[1];`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'frozen or not': ({ name, e, small, test }) => {
    const [o, v] = [name('k'), name('v')];
    const lines = [
      `const ${o} = { w: ${e(0)}, of: [0.4, ${e(1)}] };`,
      `const ${o}all = [${o}, { w: 0.3, of: ${o}.of }];`,
      `if (${test()}) Object.freeze(${o}all[0]);`,
      `let ${v} = 0;`,
      `for (const q of ${o}all) try { q.w += Math.sin(${small(2)}); q.of[0] = q.w; if (q.w > 0.5) Object.freeze(q.of); } catch { ${v} += 0.4 * q.w; }`,
      `${v} += ${o}.w * ${o}.of[0];`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'rest of a copy': ({ name, some, e }) => {
    const of = some('obj');
    if (of === undefined) return undefined;
    const [a, rest, v] = [name('v'), name('k'), name('v')];
    const lines = [
      `const { a: ${a}, ...${rest} } = { ...${of}, b: ${e(0)} };`,
      `${rest}.v[1] *= 0.5;`,
      `let ${v} = ${a} * ${rest}.b + ${rest}.v[1] * ${of}.v[1] + Object.keys(${rest}).length;`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'bound methods': ({ name, some, e, small }) => {
    const [o, of, v] = [name('k'), some('list', 'arr'), name('v')];
    if (of === undefined) return undefined;
    const lines = [
      `const ${o} = { k: ${e(0)}, n: 0, at(u: number): number { this.n += 0.1; return this.k * u + this.n; } };`,
      `const ${o}at = ${o}.at.bind(${o});`,
      `let ${v} = ${of}.map(${o}at).reduce((s, y) => s * 0.5 + y, ${small(1)}) + ${o}.n;`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'errors of a class': ({ name, e, test, small }) => {
    const [bad, v] = [name('C'), name('v')];
    const lines = [
      `class ${bad} extends Error { constructor(readonly at: number, message: string) { super(message); } }`,
      `let ${v} = 0.2;`,
      `for (let i = 0; i < 2; i++) try { if (i === 1 || ${test()}) throw new ${bad}(${e(0)}, 'step ' + i); ${v} += ${small(1)}; } catch (error) { if (error instanceof ${bad}) { const { at, message } = error; ${v} = Math.sin(at) * message.length; } else ${v} = -0.3; } finally { ${v} *= 0.5; }`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
};
