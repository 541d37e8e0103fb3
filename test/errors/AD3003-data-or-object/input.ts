// data of the caller's, of which the type says no more, beside an object that the program makes
import { grad } from 'adjoint';

interface Book {
  names: Record<string, { text: string }>;
  v: number;
}
export const read = grad((x: number, given: Book) => {
  const names: Record<string, { text: string }> = {};
  const book = x > 1 ? { names, v: x } : given;
  names.a = { text: 'a' };
  return book.names.a.text === 'a' ? x : 0;
}, { argnums: [0] });
export const covers = 'computed-keys/alias';
