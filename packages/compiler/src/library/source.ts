/**
 * The methods of arrays, maps and sets, written out in the language that the compiler differentiates. A call of one is a call of
 * the function here, specialised and inlined as any other. Parameters have no types: they are found from the call inwards.
 * Functions whose names begin with `__` and have no body here are built in (`2-lower/intrinsics.ts`).
 */
export const LIBRARY_SOURCE = `
// an error of the engine where instances of the program's classes are thrown too
class __Thrown {}
function __from(i, n) { const k = Math.trunc(i) || 0; return k < 0 ? Math.max(n + k, 0) : Math.min(k, n); }

// ---------------------------------------------------------------- arrays
function array_map(a, f) {
  const n = a.length;
  const out = __like(a, n);
  for (let i = 0; i < n && i < a.length; i++) { if (__gap(a, i)) continue; __put(out, i, f(a[i], i, a)); }
  return out;
}
function array_forEach(a, f) {
  const n = a.length;
  for (let i = 0; i < n && i < a.length; i++) { if (__gap(a, i)) continue; f(a[i], i, a); }
}
function array_filter(a, f) {
  const n = a.length;
  const out = [];
  for (let i = 0; i < n && i < a.length; i++) {
    if (__gap(a, i)) continue;
    const x = a[i];
    if (f(x, i, a)) out[out.length] = x;
  }
  return __isTyped(a) ? __copyLike(a, out) : out;
}
function __copyLike(a, from) {
  const n = from.length;
  const out = __like(a, n);
  for (let i = 0; i < n; i++) __put(out, i, from[i]);
  return out;
}
function array_reduce(a, f, start) {
  const n = a.length;
  let total = start;
  for (let i = 0; i < n && i < a.length; i++) { if (__gap(a, i)) continue; total = f(total, a[i], i, a); }
  return total;
}
function array_reduce1(a, f) {
  const n = a.length;
  let first = 0;
  while (__gap(a, first) && first < n) first++;
  if (first >= n) throw new TypeError('Reduce of empty array with no initial value');
  let total = a[first];
  for (let i = first + 1; i < n && i < a.length; i++) { if (__gap(a, i)) continue; total = f(total, a[i], i, a); }
  return total;
}
function array_reduceRight(a, f, start) {
  let total = start;
  for (let i = a.length - 1; i >= 0; i--) {
    if (__gap(a, i) || i >= a.length) continue;
    total = f(total, a[i], i, a);
  }
  return total;
}
function array_reduceRight1(a, f) {
  let last = a.length - 1;
  while (__gap(a, last) && last >= 0) last--;
  if (last < 0) throw new TypeError('Reduce of empty array with no initial value');
  let total = a[last];
  for (let i = last - 1; i >= 0; i--) {
    if (__gap(a, i) || i >= a.length) continue;
    total = f(total, a[i], i, a);
  }
  return total;
}
// unlike the others these are called for what is there no more
function array_find(a, f) {
  const n = a.length;
  for (let i = 0; i < n; i++) {
    const x = a[i];
    if (f(x, i, a)) return x;
  }
  return undefined;
}
function array_findLast(a, f) {
  for (let i = a.length - 1; i >= 0; i--) {
    const x = a[i];
    if (f(x, i, a)) return x;
  }
  return undefined;
}
function array_findIndex(a, f) {
  const n = a.length;
  for (let i = 0; i < n; i++) if (f(a[i], i, a)) return i;
  return -1;
}
function __indexOfSame(a, x) {
  for (let i = 0; i < a.length; i++) if (a[i] === x) return i;
  return -1;
}
function __lastIndexOfSame(a, x) {
  for (let i = a.length - 1; i >= 0; i--) if (a[i] === x) return i;
  return -1;
}
function array_findLastIndex(a, f) {
  for (let i = a.length - 1; i >= 0; i--) if (f(a[i], i, a)) return i;
  return -1;
}
function array_some(a, f) {
  const n = a.length;
  for (let i = 0; i < n && i < a.length; i++) { if (__gap(a, i)) continue; if (f(a[i], i, a)) return true; }
  return false;
}
function array_every(a, f) {
  const n = a.length;
  for (let i = 0; i < n && i < a.length; i++) { if (__gap(a, i)) continue; if (!f(a[i], i, a)) return false; }
  return true;
}
function array_at(a, i) {
  const k = Math.trunc(i) || 0;
  return a[k < 0 ? k + a.length : k];
}
function array_slice(a, from = 0, to = a.length) {
  const n = a.length;
  const lo = __from(from, n);
  const hi = __from(to, n);
  return __part(a, lo, Math.max(hi - lo, 0));
}
function __part(a, lo, m) {
  const out = __like(a, m);
  for (let i = 0; i < m; i++) { if (__gap(a, lo + i)) continue; __put(out, i, a[lo + i]); }
  return out;
}
// what a pattern leaves is a plain array, also of a typed one, with undefined in the place of holes
function __rest(a, from) {
  const m = Math.max(a.length - from, 0);
  const out = __array(m);
  for (let i = 0; i < m; i++) __put(out, i, a[from + i]);
  return out;
}
// a copy without holes: they become undefined
function __copied(a) {
  const n = a.length;
  const out = __like(a, n);
  for (let i = 0; i < n; i++) __put(out, i, a[i]);
  return out;
}
function __copy(a) {
  const n = a.length;
  const out = __array(n);
  for (let i = 0; i < n; i++) __put(out, i, a[i]);
  return out;
}
// what the constructor makes of a list of arguments: a single number is a length
function __newArray(a) {
  if (a.length === 1) return __array(a[0]);
  return __copy(a);
}
function __append(out, a) {
  const n = a.length;
  for (let i = 0; i < n; i++) out[out.length] = a[i];
}
function __add1(out, x) { out[out.length] = x; }
function __append2(out, a) { for (let i = 0; i < a.length; i++) __append(out, a[i]); }
function __append3(out, a) { for (let i = 0; i < a.length; i++) __append2(out, a[i]); }
// the numbers of a list from a place on, as rows like those of a matrix
function __rows(list, at, like) {
  const m = __lengthOf(like);
  const out = __array(m);
  let k = at;
  for (let i = 0; i < m; i++) {
    const n = __lengthOf(__elementOf(like, i));
    out[i] = array_slice(list, k, k + n);
    k += n;
  }
  return out;
}
// the elements of a list at these places
function __gather(list, places) {
  const n = __lengthOf(places);
  const out = __array(n);
  for (let i = 0; i < n; i++) __put(out, i, list[places[i]]);
  return out;
}
function __planes(list, at, like) {
  const m = __lengthOf(like);
  const out = __array(m);
  let k = at;
  for (let i = 0; i < m; i++) {
    const rows = __rows(list, k, __elementOf(like, i));
    for (let j = 0; j < rows.length; j++) k += rows[j].length;
    out[i] = rows;
  }
  return out;
}
// what concat does: holes stay
function __concat(out, a) {
  const n = a.length;
  const m = out.length;
  for (let i = 0; i < n; i++) {
    if (__gap(a, i)) { out.length = m + i + 1; continue; }
    out[out.length] = a[i];
  }
}
// what concat does with a list that is spread
function __concatEach(out, lists) {
  const n = lists.length;
  for (let i = 0; i < n; i++) {
    const x = lists[i];
    if (Array.isArray(x)) __concat(out, x);
    else out[out.length] = x;
  }
}
function __appendGiven(out, a) {
  const n = a.length;
  for (let i = 0; i < n; i++) { if (__gap(a, i)) continue; out[out.length] = a[i]; }
}
function __given(a) {
  const out = [];
  __appendGiven(out, a);
  return out;
}
// a[to] = a[from], a hole too
function __move(a, to, from) {
  if (__gap(a, from)) __delete(a, to);
  else __place(a, to, a[from]);
}
// the length that an array of n elements will have, where it ends with a hole, which gives it none when it is moved
function __makeRoom(a, n, more) {
  if (n > 0 && __gap(a, n - 1)) __place(a, n + more - 1, a[n - 1]);
}
function array_flat(a) {
  const out = [];
  for (let i = 0; i < a.length; i++) {
    if (__gap(a, i)) continue;
    const x = a[i];
    if (Array.isArray(x)) __appendGiven(out, x);
    else out[out.length] = x;
  }
  return out;
}
function array_flatMap(a, f) {
  const n = a.length;
  const out = [];
  for (let i = 0; i < n && i < a.length; i++) {
    if (__gap(a, i)) continue;
    const x = f(a[i], i, a);
    if (Array.isArray(x)) __appendGiven(out, x);
    else out[out.length] = x;
  }
  return out;
}
function array_fill(a, x, from = 0, to = a.length) {
  const n = a.length;
  const lo = __from(from, n);
  const hi = __from(to, n);
  for (let i = lo; i < hi; i++) __put(a, i, x);
  return a;
}
function array_pop(a) {
  const n = a.length;
  if (n === 0) {
    __sameLength(a);
    return undefined;
  }
  const x = a[n - 1];
  __resize(a, n - 1);
  return x;
}
function array_shift(a) {
  const n = a.length;
  if (n === 0) {
    __sameLength(a);
    return undefined;
  }
  const x = a[0];
  for (let i = 1; i < n; i++) __move(a, i - 1, i);
  __resize(a, n - 1);
  return x;
}
function array_unshift(a, items) {
  const n = a.length;
  const m = items.length;
  if (m === 0) __sameLength(a);
  __makeRoom(a, n, m);
  for (let i = n - 1; i >= 0; i--) __move(a, i + m, i);
  for (let j = 0; j < m; j++) a[j] = items[j];
  return n + m;
}
function array_splice(a, from, count, items) {
  const n = a.length;
  const lo = __from(from, n);
  const d = Math.min(Math.max(Math.trunc(count) || 0, 0), n - lo);
  const m = items.length;
  if (d === 0 && m === 0) __sameLength(a);
  const removed = [];
  for (let i = 0; i < d; i++) {
    if (__gap(a, lo + i)) removed.length = i + 1;
    else removed[i] = a[lo + i];
  }
  if (m < d) {
    for (let i = lo; i + d < n; i++) __move(a, i + m, i + d);
    __resize(a, n - d + m);
  } else if (m > d) {
    if (lo + d < n) __makeRoom(a, n, m - d);
    for (let i = n - d - 1; i >= lo; i--) __move(a, i + m, i + d);
  }
  for (let j = 0; j < m; j++) __place(a, lo + j, items[j]);
  return removed;
}
function __exchange(a, i, hole, x) {
  if (hole) __delete(a, i);
  else __put(a, i, x);
}
function array_reverse(a) {
  const n = a.length;
  for (let i = 0, j = n - 1; i < j; i++, j--) {
    const hole = __gap(a, i);
    const x = a[i];
    __exchange(a, i, __gap(a, j), a[j]);
    __exchange(a, j, hole, x);
  }
  return a;
}
// Below 64 elements the calls and the result are those of V8, also for a comparator that contradicts itself. Above, such a
// comparator is refused: it says of neighbours in the result that they are the wrong way round, or compares with NaN.
function __order(a, compare) {
  const n = a.length;
  const order = new Int32Array(n);
  if (__isTyped(a)) {
    for (let i = 0; i < n; i++) order[i] = i;
    return __halved(a, order, compare);
  }
  let m = 0;
  for (let i = 0; i < n; i++) if (a[i] !== undefined) { order[m] = i; m++; }
  let k = m;
  for (let i = 0; k < n; i++) if (a[i] === undefined) { order[k] = i; k++; }
  return m < 64 ? __inserted(a, order, m, compare) : __merged(a, order, m, compare);
}
function __inserted(a, order, n, compare) {
  if (n < 2) return order;
  let run = 2;
  const descending = __compare(compare, a[order[1]], a[order[0]]) < 0;
  for (let i = 2; i < n; i++) {
    const before = __compare(compare, a[order[i]], a[order[i - 1]]) < 0;
    if (before !== descending) break;
    run = run + 1;
  }
  if (descending)
    for (let i = 0, j = run - 1; i < j; i++, j--) {
      const t = order[i];
      order[i] = order[j];
      order[j] = t;
    }
  for (let start = run; start < n; start++) {
    const p = order[start];
    let left = 0;
    let right = start;
    while (left < right) {
      const mid = left + ((right - left) >> 1);
      if (__compare(compare, a[p], a[order[mid]]) < 0) right = mid;
      else left = mid + 1;
    }
    for (let i = start; i > left; i--) order[i] = order[i - 1];
    order[left] = p;
  }
  return order;
}
function __merged(a, start, n, compare) {
  let from = start;
  let to = new Int32Array(start.length);
  for (let i = n; i < start.length; i++) to[i] = start[i];
  for (let width = 1; width < n; width *= 2) {
    for (let lo = 0; lo < n; lo += 2 * width) {
      const mid = Math.min(lo + width, n);
      const hi = Math.min(lo + 2 * width, n);
      let i = lo;
      let j = mid;
      for (let k = lo; k < hi; k++) {
        const left = i < mid && (j >= hi || !__before(__compare(compare, a[from[j]], a[from[i]])));
        if (left) {
          to[k] = from[i];
          i++;
        } else {
          to[k] = from[j];
          j++;
        }
      }
    }
    const swap = from;
    from = to;
    to = swap;
  }
  for (let k = 1; k < n; k++) if (__compare(compare, a[from[k]], a[from[k - 1]]) < 0) __contradiction();
  return from;
}
// As V8 sorts typed arrays: each half by itself, then both into one.
function __halved(a, start, compare) {
  const n = start.length;
  let from = start;
  let to = new Int32Array(n);
  let parts = 1;
  while (parts < n) parts *= 2;
  for (; parts > 1; parts /= 2) {
    for (let part = 0; part < parts; part += 2) {
      let lo = 0;
      let hi = n;
      for (let bit = parts / 2; bit > 1; bit /= 2) {
        const half = lo + ((hi - lo) >> 1);
        if (part & bit) lo = half;
        else hi = half;
      }
      const mid = lo + ((hi - lo) >> 1);
      let i = lo;
      let j = mid;
      for (let k = lo; k < hi; k++) {
        const left = i < mid && (j >= hi || !(__compare(compare, a[from[i]], a[from[j]]) > 0));
        if (left) {
          to[k] = from[i];
          i++;
        } else {
          to[k] = from[j];
          j++;
        }
      }
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}
function __before(c) {
  if (c !== c) __contradiction();
  return c < 0;
}
function __contradiction() {
  throw new TypeError('AD5005: the comparator contradicts itself: what it says of two elements must be a number, and zero if they are equal');
}
function array_sort(a, compare) {
  const n = a.length;
  const order = __order(a, compare);
  const old = __like(a, n);
  for (let i = 0; i < n; i++) old[i] = a[i];
  let holes = 0;
  for (let i = 0; i < n; i++) if (__gap(a, i)) holes++;
  for (let i = 0; i < n; i++) __put(a, i, old[order[i]]);
  if (holes > 0) {
    __resize(a, n - holes);
    __resize(a, n);
  }
  return a;
}
function __byText(x, y) {
  const s = String(x);
  const t = String(y);
  return s < t ? -1 : s > t ? 1 : 0;
}
function __byNumber(x, y) {
  if (x < y) return -1;
  if (x > y) return 1;
  if (x === y) return x !== 0 || 1 / x === 1 / y ? 0 : 1 / x < 0 ? -1 : 1;
  return x === x ? -1 : y === y ? 1 : 0;
}
function array_copyWithin(a, target, from, to = a.length) {
  const n = a.length;
  const at = __from(target, n);
  const lo = __from(from, n);
  const hi = __from(to, n);
  const m = Math.min(hi - lo, n - at);
  const old = __part(a, lo, Math.max(m, 0));
  for (let i = 0; i < m; i++) __exchange(a, at + i, __gap(old, i), old[i]);
  return a;
}
function array_set(a, from, offset = 0) {
  const n = from.length;
  const at = Math.trunc(offset) || 0;
  if (at < 0 || at + n > a.length) throw new RangeError('offset is out of bounds');
  const old = __copy(from);
  for (let i = 0; i < n; i++) a[at + i] = old[i];
}
function array_with(a, i, x) {
  const n = a.length;
  const k = Math.trunc(i) || 0;
  const at = k < 0 ? k + n : k;
  if (at < 0 || at >= n) throw new RangeError('Invalid index');
  const out = __like(a, n);
  for (let j = 0; j < n; j++) __put(out, j, a[j]);
  __put(out, at, x);
  return out;
}
function array_entries(a) {
  const n = a.length;
  const out = __array(n);
  for (let i = 0; i < n; i++) __put(out, i, __pair(i, a[i]));
  return out;
}
function array_keys(a) {
  const n = a.length;
  const out = __array(n);
  for (let i = 0; i < n; i++) __put(out, i, i);
  return out;
}
// the elements that are there, by the names that Object.keys gives them
function array_ownKeys(a) { return __keys(a); }
function array_ownValues(a) {
  const out = [];
  __appendGiven(out, a);
  const keys = __keys(a);
  for (let i = out.length; i < keys.length; i++) out[out.length] = a[Number(keys[i])];
  return out;
}
function array_ownEntries(a) {
  const keys = __keys(a);
  const out = [];
  for (let i = 0; i < keys.length; i++) out[out.length] = __pair(keys[i], a[Number(keys[i])]);
  return out;
}
function __undefined() { return undefined; }
function __copyTo(out, a) {
  const n = a.length;
  for (let i = 0; i < n; i++) __put(out, i, Number(a[i]));
}
function __addTo(out, a) {
  const n = a.length;
  for (let i = 0; i < n; i++) out[i] += a[i];
}

// ---------------------------------------------------------------- matrices of derivatives

function __columns(along, x) {
  const n = x.length;
  const out = __array(n);
  for (let j = 0; j < n; j++) {
    const v = __like(x, n);
    for (let i = 0; i < n; i++) v[i] = i === j ? 1 : 0;
    out[j] = along(v);
  }
  return out;
}
function __transpose(columns, x) {
  const n = columns.length;
  const m = n > 0 ? columns[0].length : 0;
  const out = __array(m);
  for (let i = 0; i < m; i++) {
    const row = __like(x, n);
    for (let j = 0; j < n; j++) row[j] = columns[j][i];
    out[i] = row;
  }
  return out;
}

function __mapFrom(a, f) {
  const n = a.length;
  const out = __array(n);
  for (let i = 0; i < n; i++) __put(out, i, f(a[i], i));
  return out;
}
// what f adds or changes on the way is seen, as the iterator of the list sees it
function __mapLive(a, f) {
  const out = [];
  for (let i = 0; i < a.length; i++) out[i] = f(a[i], i);
  return out;
}
// the elements are read before f is called for the first
function __mapCopied(a, f) { return __mapFrom(__copy(a), f); }
function __fromLength(n, f) {
  const m = Math.max(Math.trunc(n) || 0, 0);
  const out = __array(m);
  for (let i = 0; i < m; i++) __put(out, i, f(undefined, i));
  return out;
}
// what carries the derivative of the greatest or smallest element: those that are equal to it share equally
function __meanOfEqual(a, y) {
  let s = 0;
  let k = 0;
  for (let i = 0; i < a.length; i++) if (a[i] === y) { s += a[i]; k++; }
  return k > 0 ? s / k : 0;
}
function __hypotOf(a) {
  let y = 0;
  for (let i = 0; i < a.length; i++) y = Math.hypot(y, a[i]);
  return y;
}

// ---------------------------------------------------------------- maps, sets, objects used as maps
function map_values(m) {
  const keys = __keysOnly(m);
  const n = keys.length;
  const out = __array(n);
  for (let i = 0; i < n; i++) __put(out, i, __get(m, keys[i]));
  return out;
}
function map_entries(m) {
  const keys = __keys(m);
  const n = keys.length;
  const out = __array(n);
  for (let i = 0; i < n; i++) __put(out, i, __pair(keys[i], __get(m, keys[i])));
  return out;
}
function set_entries(m) {
  const values = map_values(m);
  const n = values.length;
  const out = __array(n);
  for (let i = 0; i < n; i++) __put(out, i, __pair(values[i], values[i]));
  return out;
}
function map_forEach(m, f) {
  for (const [k, x] of m) f(x, k, m);
}
function __copyKeys(out, m) {
  const keys = __copiedKeys(m);
  for (let i = 0; i < keys.length; i++) __set(out, keys[i], __get(m, keys[i]));
}
function __copyKeyed(m) {
  const out = __object();
  __copyKeys(out, m);
  return out;
}
function __fill(m, entries) {
  for (let i = 0; i < entries.length; i++) __set(m, entries[i][0], entries[i][1]);
  return m;
}
function set_add(s, x) {
  if (!__has(s, x)) __set(s, x, __member(x));
  return s;
}
function __fillSet(s, items) {
  for (let i = 0; i < items.length; i++) set_add(s, items[i]);
  return s;
}
function set_forEach(s, f) {
  for (const x of s) f(x, x, s);
}
function __pairOf(k, x) { return __pair(k, x); }
function __valuesBy(o, keys) {
  const out = [];
  for (let i = 0; i < keys.length; i++) out[out.length] = o[keys[i]];
  return out;
}
function __entriesBy(o, keys) {
  const out = [];
  for (let i = 0; i < keys.length; i++) out[out.length] = __pair(keys[i], o[keys[i]]);
  return out;
}
`;
