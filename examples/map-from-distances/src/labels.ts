import type { Point } from './orient.js';

/** A label's baseline start and its box. */
export interface Label {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly box: Box;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const DOT = 5;
/** Width of a letter in font sizes, on the safe side for common sans-serif fonts. */
const LETTER = 0.62;

/**
 * Puts each name beside its dot: of the eight places around it the one that covers least of other names, dots and
 * lines. Two more rounds let the first names give way to the later ones. Coordinates are those of the page.
 */
export function placeLabels(
  names: readonly string[],
  dots: readonly Point[],
  lines: readonly (readonly [Point, Point])[],
  fontSize: number,
  page: Box,
): Label[] {
  const labels: (Label | undefined)[] = names.map(() => undefined);
  const dotBoxes = dots.map(([x, y]) => ({ left: x - DOT, top: y - DOT, right: x + DOT, bottom: y + DOT }));
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < names.length; i++) {
      const cost = ({ box }: Label, rank: number) => {
        let sum = 3 * rank + 1000 * outside(box, page);
        for (const [k, dotBox] of dotBoxes.entries()) if (k !== i) sum += 20 * overlap(box, dotBox);
        for (const [k, other] of labels.entries()) if (k !== i && other) sum += 20 * overlap(box, other.box);
        for (const line of lines) sum += covered(box, line);
        return sum;
      };
      const places = placesAround(dots[i], names[i].length * LETTER * fontSize, fontSize);
      const costs = places.map(cost);
      labels[i] = places[costs.indexOf(Math.min(...costs))];
    }
  }
  return labels as Label[];
}

/** In order of preference: right, left, above, below, and the corners. */
function placesAround([x, y]: Point, width: number, fontSize: number): Label[] {
  const gap = DOT + 3;
  const middle = y + 0.36 * fontSize;
  const place = (anchor: Label['anchor'], at: number, baseline: number): Label => {
    const left = anchor === 'start' ? at : anchor === 'end' ? at - width : at - width / 2;
    const box = {
      left,
      top: baseline - 0.85 * fontSize,
      right: left + width,
      bottom: baseline + 0.25 * fontSize,
    };
    return { x: at, y: baseline, anchor, box };
  };
  return [
    place('start', x + gap, middle),
    place('end', x - gap, middle),
    place('middle', x, y - gap),
    place('middle', x, y + gap + 0.75 * fontSize),
    place('start', x + 0.7 * gap, middle - 0.7 * fontSize),
    place('start', x + 0.7 * gap, middle + 0.7 * fontSize),
    place('end', x - 0.7 * gap, middle - 0.7 * fontSize),
    place('end', x - 0.7 * gap, middle + 0.7 * fontSize),
  ];
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

function outside(box: Box, page: Box): number {
  return (box.right - box.left) * (box.bottom - box.top) - overlap(box, page) > 1 ? 1 : 0;
}

/** Length of the part of a line under a box, by sampling. */
function covered(box: Box, [[x0, y0], [x1, y1]]: readonly [Point, Point]): number {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const samples = Math.ceil(length / 2);
  let inside = 0;
  for (let k = 0; k <= samples; k++) {
    const x = x0 + ((x1 - x0) * k) / samples;
    const y = y0 + ((y1 - y0) * k) / samples;
    if (x > box.left && x < box.right && y > box.top && y < box.bottom) inside++;
  }
  return (inside * length) / (samples + 1);
}
