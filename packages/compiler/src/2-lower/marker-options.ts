/** What is written beside the arguments of a marker that is called inside differentiated code. */
import { skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import type { FunctionContext } from './context.js';

/** The options of a marker, written out as an object literal: each is one of `names`. */
export function optionsOf(
  cx: FunctionContext,
  marker: string,
  names: readonly string[],
  options: ts.Expression,
): ReadonlyMap<string, ts.Expression> {
  const { ts } = cx;
  const o = skipWrappers(ts, options);
  if (!ts.isObjectLiteralExpression(o))
    return cx.refuse('AD1006', options, `the options of \`${marker}\` must be written out here`);
  const found = new Map<string, ts.Expression>();
  for (const p of o.properties) {
    const name = p.name && (ts.isIdentifier(p.name) || ts.isStringLiteral(p.name)) ? p.name.text : '';
    const value = ts.isPropertyAssignment(p)
      ? p.initializer
      : ts.isShorthandPropertyAssignment(p)
        ? p.name
        : undefined;
    if (!value || !names.includes(name)) {
      const quoted = names.map((n) => `\`${n}\``);
      const last = quoted.pop();
      return cx.refuse('AD1006', p, `\`${marker}\` has the options ${quoted.join(', ')} and ${last}`);
    }
    found.set(name, value);
  }
  return found;
}
