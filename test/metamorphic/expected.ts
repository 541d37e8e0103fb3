/** What a transformation may make of a fixture besides the same values and gradients, with the reason. */
interface Exception {
  readonly transformation: string;
  readonly fixture: string;
  /** Matches the code of the refusal, or the difference. */
  readonly is: RegExp;
  readonly why: string;
}

const EXCEPTIONS: readonly Exception[] = [
  {
    transformation: 'pass the same array twice',
    fixture: 'maps/read-and-write',
    is: /gives something else/,
    why: 'the arrays are keys of a map, where one array is one key',
  },
  {
    transformation: 'number[] to Float64Array',
    fixture: 'mutation/out-of-range',
    is: /gives something else/,
    why: 'it writes past the end, where an array grows',
  },
  {
    transformation: 'number[] to Float64Array',
    fixture: 'arrays/partly-filled',
    is: /gives something else/,
    why: 'it writes past the end, where an array grows',
  },
  {
    transformation: 'outline expressions',
    fixture: 'maps/iterators',
    is: /^AD2007 /,
    why: 'a list that a loop fills becomes a parameter, which may be what the loop goes through',
  },
];

export const isExpected = (transformation: string, fixture: string, found: string): boolean =>
  EXCEPTIONS.some((e) => e.transformation === transformation && e.fixture === fixture && e.is.test(found));
