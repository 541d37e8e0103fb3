/** The text of a node with parts of it replaced: all else stays as the user has written it, comments included. */
import type { ts } from '../host/ts.js';

/** `replace` gives the new text of each child. */
export function textWith(node: ts.Node, replace: (child: ts.Node) => string, typescript: typeof ts): string {
  const file = node.getSourceFile();
  let out = '';
  let at = node.getStart(file);
  typescript.forEachChild(node, (child) => {
    const start = child.getStart(file);
    out += file.text.slice(at, start) + replace(child);
    at = child.end;
  });
  return out + file.text.slice(at, node.end);
}

/** Moves a block of text to the left, by the indentation of the line it begins in. */
export function dedent(text: string, node: ts.Node): string {
  const file = node.getSourceFile();
  const start = node.getStart(file);
  const line = file.text.lastIndexOf('\n', start - 1) + 1;
  const indentation = /^[ \t]*/.exec(file.text.slice(line, start))?.[0] ?? '';
  return indentation === '' || text.includes('`') ? text : text.replaceAll(`\n${indentation}`, '\n');
}
