/** Goes through syntax trees, however deep they are: sums of generated code have tens of thousands of terms. */
import type { TypeScript, ts } from './ts.js';

/** What a visitor may ask for: to leave out what is below the node, or to go no further at all. */
export type Next = 'skip' | 'stop' | undefined;

type Visit = ((n: ts.Node) => Next) | ((n: ts.Node) => void);

/** Visits a node and all below it, in the order of the text; gives whether the visitor has stopped. */
export function walkNodes(ts: TypeScript, root: ts.Node, visit: Visit): boolean {
  const open = [root];
  for (let n = open.pop(); n !== undefined; n = open.pop()) {
    const next = visit(n);
    if (next === 'stop') return true;
    if (next === 'skip') continue;
    const children: ts.Node[] = [];
    ts.forEachChild(n, (child) => void children.push(child));
    while (children.length > 0) open.push(children.pop() as ts.Node);
  }
  return false;
}
