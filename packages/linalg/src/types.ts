/** A vector: an array of numbers, plain or of doubles. */
export type Vector = readonly number[] | Float64Array;
/** A matrix by its rows, all of one length, at least one row and one column. */
export type Matrix = readonly Vector[];
