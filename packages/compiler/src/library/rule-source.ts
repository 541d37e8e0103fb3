/** What derivative rules of the user's need of lists of numbers, in the language of `source.ts`. */
export const RULE_SOURCE = `
// copies of an array of numbers, of its rows, of its planes
function __copy1(a) { return array_slice(a); }
function __copy2(a) {
  const n = a.length;
  const out = __array(n);
  for (let i = 0; i < n; i++) out[i] = array_slice(a[i]);
  return out;
}
function __copy3(a) {
  const n = a.length;
  const out = __array(n);
  for (let i = 0; i < n; i++) out[i] = __copy2(a[i]);
  return out;
}
// how many numbers there are
function __count1(a) { return a.length; }
function __count2(a) { let n = 0; for (let i = 0; i < a.length; i++) n += a[i].length; return n; }
function __count3(a) { let n = 0; for (let i = 0; i < a.length; i++) n += __count2(a[i]); return n; }
// appends a gradient or tangent to a list; it has the shape of its value
function __sameLength(a, like) {
  if (a.length !== like.length)
    throw new RangeError('adjoint: a gradient or tangent that a derivative rule gave has ' + a.length + ' elements, not ' + like.length);
}
function __gather0(out, x) { out[out.length] = Number(x); }
function __gather1(out, a, like) {
  __sameLength(a, like);
  for (let i = 0; i < a.length; i++) out[out.length] = Number(a[i]);
}
function __gather2(out, a, like) { __sameLength(a, like); for (let i = 0; i < a.length; i++) __gather1(out, a[i], like[i]); }
function __gather3(out, a, like) { __sameLength(a, like); for (let i = 0; i < a.length; i++) __gather2(out, a[i], like[i]); }
function __appendZeros(out, n) { for (let i = 0; i < n; i++) out[out.length] = 0; }
// a linear map gives zeros for zeros, whatever its partial derivatives are
function __linear(numbers, made) {
  let others = 0;
  for (let i = 0; i < numbers.length; i++) if (numbers[i] !== 0) others++;
  if (others > 0) return made;
  const out = [];
  for (let i = 0; i < made.length; i++) {
    const x = made[i];
    out[out.length] = Number.isFinite(x) ? x - __stop(x) : 0;
  }
  return out;
}
// the transpose of a linear map, which has this many columns
function __transposed(map, columns, numbers) {
  const out = [];
  for (let k = 0; k < columns; k++) {
    const unit = __array(columns);
    for (let i = 0; i < columns; i++) unit[i] = i === k ? 1 : 0;
    const column = map(unit);
    let sum = 0;
    for (let i = 0; i < column.length; i++) sum += __product(numbers[i], column[i]);
    out[out.length] = sum;
  }
  return out;
}
`;
