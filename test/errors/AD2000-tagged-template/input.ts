import { grad } from 'adjoint';
const scaled = (parts: TemplateStringsArray, x: number): number => parts.length * x;
export const g = grad((x: number): number => scaled`a${x}b`);
export const covers = 'text';
