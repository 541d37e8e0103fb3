/** The body of a differentiated function moves: to a method of a class, or to a function in an array of functions. */
import ts from 'typescript';
import {
  changeOf,
  type Edit,
  type FunctionWithBody,
  type Program,
  type Transformation,
  usesFunction,
} from '../program.js';

export const wrapInClass: Transformation = {
  name: 'wrap in a class',
  floor: 140,
  apply: (p) => changeOf(wrapped(p, asMethod)),
};
export const throughArray: Transformation = {
  name: 'call through an array of functions',
  floor: 140,
  apply: (p) => changeOf(wrapped(p, asElement)),
};

type Wrap = (name: string, signature: string, body: string, args: string) => { before: string; call: string };

const asMethod: Wrap = (name, signature, body, args) => ({
  before: `class ${name}Holder {\n  run${signature} ${body}\n}`,
  call: `new ${name}Holder().run(${args})`,
});
const asElement: Wrap = (name, signature, body, args) => ({
  before: `function ${name}Inner${signature} ${body}`,
  call: `[${name}Inner, ${name}Inner].slice(1)[0](${args})`,
});

function wrapped(p: Program, wrap: Wrap): Edit[] {
  return p.functions().flatMap((f) => {
    if (usesFunction(p, f) || !f.parameters.every(isPlain)) return [];
    const body = f.body.getText();
    const { before, call } = wrap(f.name.text, signatureOf(f), body, f.parameters.map(passed).join(', '));
    return [
      { start: f.getStart(), end: f.getStart(), text: `${before}\n` },
      { start: f.body.getStart(), end: f.body.end, text: `{\n  return ${call};\n}` },
    ];
  });
}
const isPlain = (x: ts.ParameterDeclaration): boolean => ts.isIdentifier(x.name);
const passed = (x: ts.ParameterDeclaration): string => (x.dotDotDotToken ? '...' : '') + x.name.getText();
/** Type parameters, parameters and result, as they are written. */
function signatureOf(f: FunctionWithBody): string {
  return f.getSourceFile().text.slice(f.name.end, f.body.getStart()).trim();
}
