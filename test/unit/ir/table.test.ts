import { describe, expect, it } from 'vitest';
import { SCALAR_RULES, scalarRule } from '../../../packages/compiler/src/rules/scalar.js';

const words = (text: string) => text.split(' ').sort();
const names = (test: (name: string) => boolean) => [...SCALAR_RULES.keys()].filter(test).sort();

const LIBRARY = words(
  'acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 hypot log log10 log1p log2 mathpow pow sin sinh tan tanh',
);

describe('the table', () => {
  it('is closed', () => {
    expect(() => scalarRule('noSuchThing')).toThrow("no scalar rule named 'noSuchThing'");
    expect(() => scalarRule('constructor')).toThrow();
    expect(scalarRule('add').name).toBe('add');
  });
  it('has every function of Math but random and pow under its own name', () => {
    const functions = Object.getOwnPropertyNames(Math).filter(
      (n) => typeof Math[n as keyof Math] === 'function',
    );
    const newer = ['random', 'pow', 'f16round', 'sumPrecise'];
    for (const n of functions) if (!newer.includes(n)) expect(SCALAR_RULES.has(n), n).toBe(true);
  });
  it('folds what is exact, never a library function', () => {
    expect(names((n) => !scalarRule(n).foldable)).toEqual([...LIBRARY, 'rem', 'valueOf'].sort());
  });
  it('has strong zeros where partials are infinite', () => {
    const always = 'sqrt cbrt log log2 log10 log1p pow mathpow asin acos acosh atanh hypot strong strongdiv';
    expect(names((n) => scalarRule(n).strongZero === 'always')).toEqual(words(always));
    expect(names((n) => scalarRule(n).strongZero === 'conditional')).toEqual(
      words('div exp expm1 sinh cosh tan'),
    );
  });
  it('kills integers and comparisons', () => {
    const kills =
      'floor ceil round trunc sign clz32 imul bitand bitor bitxor bitnot shl shr ushr lt le gt ge eq ne looseEq looseNe not truthy num stop';
    expect(names((n) => scalarRule(n).derivative === 'kill')).toEqual(words(kills));
    expect(names((n) => scalarRule(n).derivative === 'inactive')).toEqual(
      words('isNullish isUndefined and or'),
    );
  });
  it('tells which operands a text repeats', () => {
    for (const rule of SCALAR_RULES.values()) {
      const seen: number[] = [];
      rule.emit(
        (k) => {
          seen.push(k);
          return 'x';
        },
        rule.arity === 'n' ? 3 : rule.arity,
      );
      const repeated = [...new Set(seen.filter((k, i) => seen.indexOf(k) !== i))];
      expect(repeated, rule.name).toEqual(rule.repeats ?? []);
    }
  });
});
