/** Every code, with the part of its text that does not depend on the program. Codes are never reused. */
export interface CodeInfo {
  readonly title: string;
  readonly severity: 'error' | 'warning';
  readonly help: string;
}
const error = (title: string, help: string): CodeInfo => ({ title, severity: 'error', help });
const warning = (title: string, help: string): CodeInfo => ({ title, severity: 'warning', help });

const CUSTOM =
  'rewrite it with supported constructs, or wrap it in stopGradient(...) if its derivative is meant to be zero';

export const CATALOG = {
  AD0002: error('marker call was not compiled', 'configure the plugin: see the README'),
  AD0003: error('unknown or invalid option of the plugin', 'remove the option, or correct its name'),
  AD1001: error(
    'the function to differentiate is not statically known',
    'pass a function declaration, a const arrow function, or an inline arrow',
  ),
  AD1002: error('argnums is out of range', 'argnums counts the arguments of the call from 0'),
  AD1003: error(
    'argument without numeric leaves',
    'differentiate an argument of type number, an array of numbers, or an object with number fields',
  ),
  AD1004: error(
    'the function does not return a number',
    'return one number, or use vjp or jvp for functions with other results',
  ),
  AD1005: error(
    'options of a marker must be a literal',
    'write the options as an object literal with literal values at the call',
  ),
  AD1006: error(
    'unknown or invalid option of a marker',
    'see the documentation of the marker for its options',
  ),
  AD1007: error('a marker must be called directly', 'call it by its name, as in const g = grad(f)'),
  AD1008: warning(
    'the differentiated argument has no influence on the result',
    'its gradient is zero; check argnums, or the function',
  ),
  AD1009: error(
    'the derivative of this function would contain itself without end',
    'a function whose derivative is differentiated may not call that derivative',
  ),
  AD1010: error(
    'this derivative cannot be taken inside differentiated code',
    'pass it arrays, tuples and plain objects of numbers, or take the derivative outside',
  ),
  AD2000: error('syntax that cannot be differentiated', CUSTOM),
  AD2001: error(
    'async code cannot be differentiated',
    'do the asynchronous work before the differentiated function is called',
  ),
  AD2002: error('generators cannot be differentiated', 'write the loop in place of the generator'),
  AD2003: error('code made from text cannot be differentiated', 'write the code in the source file'),
  AD2004: error('with cannot be differentiated', 'name the object'),
  AD2005: error('import() cannot be differentiated', 'import the module at the top of the file'),
  AD2006: error('decorators cannot be differentiated', 'call a plain function'),
  AD2007: error('this iterable cannot be differentiated', 'loop over an array'),
  AD2008: error('arguments cannot be written or passed on', 'name the parameters'),
  AD2009: error('using cannot be differentiated', 'release the resource outside the differentiated function'),
  AD2010: error(
    'this exception cannot be differentiated',
    'test the condition before, or catch outside the differentiated function',
  ),
  AD2011: error('spread or rest of this form is not supported', 'write the elements or the arguments out'),
  AD2013: error('this use of a class is not supported', 'use functions and plain objects'),
  AD2014: error(
    'the function is nested too deeply for the compiler',
    'split it into functions, or write a table and a loop instead of a chain',
  ),
  AD3001: error('the type is any or unknown where a derivative flows', 'give the value a type'),
  AD3002: error(
    'this type cannot be differentiated',
    'use numbers, arrays of numbers, tuples and plain objects',
  ),
  AD3003: error('the types of two branches do not fit together', 'give both branches the same type'),
  AD3004: error(
    'a view over a buffer cannot be differentiated',
    'use `subarray` of a Float64Array or Float32Array',
  ),
  AD3005: error('this property cannot be used in differentiated code', CUSTOM),
  AD4001: error('a name is not declared', 'declare it, or import it'),
  AD4002: error(
    'no source and no derivative rule for a called function',
    'call a function whose source is part of the program, or wrap the call in stopGradient(...)',
  ),
  AD4003: error('the called function is not statically known', 'call one known function in each branch'),
  AD4004: warning(
    'the derivative is zero: the value passes only through steps, comparisons or integers',
    'use a smooth operation, or stopGradient(...) to say that zero is meant',
  ),
  AD4005: error(
    'code without source is given an active array or object, or its result is used',
    'pass a copy, or a number',
  ),
  AD4006: error(
    'a number was made into text or another encoding and becomes a number again',
    'keep the number, or use stopGradient(...)',
  ),
  AD4007: error(
    'a function with a derivative rule is used in a way that its rule cannot follow',
    'keep it in a `const` of the module, and give it numbers, arrays of numbers and plain objects of these',
  ),
  AD5001: error('two arguments share memory that is written (at run time)', 'pass a copy of one of them'),
  AD5002: error('memory seen through stopGradient is written or stored', 'copy it first'),
  AD5003: error(
    'a captured variable is used before it is initialised',
    'move its declaration before the function is used',
  ),
  AD5004: error(
    'the structure of an object is changed in a way that cannot be differentiated',
    'use plain fields',
  ),
  AD5005: error('what is written here is out of reach of the derivative', 'return the value instead'),
  AD5007: error(
    'a function, variable or class of another package has no name here',
    'export it from its module',
  ),
  AD6001: warning(
    'what is marked to be run again is recorded',
    'its gradient is right, but it takes the memory of all its intermediates; move what the message names out of it',
  ),
  AD6002: error(
    'the two sweeps do not fit together (at run time)',
    'please report it with the function it names',
  ),
  AD6003: warning(
    'a derivative is not finite where all values are (at run time, in check mode)',
    'the function has no finite derivative at this point, such as a root at zero, or a product overflows',
  ),
  AD6004: warning(
    'what a function from outside was told is read again (at run time, in check mode)',
    'let the program itself store what it reads again',
  ),
  AD7001: error(
    'internal error in the compiler',
    'this is a bug in adjoint, please report it with the source that shows it',
  ),
} as const satisfies Record<string, CodeInfo>;

export type Code = keyof typeof CATALOG;
