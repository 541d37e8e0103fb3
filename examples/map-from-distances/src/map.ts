import { placeLabels } from './labels.js';
import type { Point } from './orient.js';

const PIXELS_PER_KM = 0.225;
const MARGIN = 64;
const HEADER = 76;
const FOOTER = 44;
const FONT = 14;
const GRID_KM = 500;

/**
 * An SVG map. `positions` in km, y upwards. Thin lines join neighbours: two cities between which lies no third one that
 * is nearer to both than they are to each other.
 */
export function drawMap(
  cities: readonly string[],
  positions: readonly Point[],
  title: string,
  subtitle: string,
): string {
  const xs = positions.map(([x]) => x);
  const ys = positions.map(([, y]) => y);
  const west = Math.min(...xs);
  const north = Math.max(...ys);
  const width = Math.round((Math.max(...xs) - west) * PIXELS_PER_KM + 2 * MARGIN);
  const frame = Math.round((north - Math.min(...ys)) * PIXELS_PER_KM + MARGIN);
  const height = HEADER + frame + FOOTER;
  const dots = positions.map(
    ([x, y]): Point => [
      MARGIN + (x - west) * PIXELS_PER_KM,
      HEADER + MARGIN / 2 + (north - y) * PIXELS_PER_KM,
    ],
  );
  const lines = neighbours(dots);
  const page = { left: 6, top: HEADER + 4, right: width - 6, bottom: HEADER + frame - 4 };
  const labels = placeLabels(cities, dots, lines, FONT, page);

  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    `  font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif" fill="#22303c">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="20" y="34" font-size="21" font-weight="bold">${title}</text>`,
    `<text x="20" y="58" font-size="13.5" fill="#5b6873">${subtitle}</text>`,
    `<rect y="${HEADER}" width="${width}" height="${frame}" fill="#f3f6f4"/>`,
    ...grid(width, frame),
    '<g stroke="#b9c6bd" stroke-width="2.5" stroke-linecap="round">',
    ...lines.map(([a, b]) => `<line ${ends(a, b)}/>`),
    '</g>',
    `<g stroke="#f3f6f4" stroke-width="4" stroke-linejoin="round" paint-order="stroke" font-size="${FONT}">`,
    ...labels.map((label, i) => {
      const at = `x="${label.x.toFixed(1)}" y="${label.y.toFixed(1)}" text-anchor="${label.anchor}"`;
      return `<text ${at}>${cities[i]}</text>`;
    }),
    '</g>',
    '<g fill="#c0392b" stroke="#ffffff" stroke-width="1.5">',
    ...dots.map(([x, y]) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5"/>`),
    '</g>',
    ...northArrow(width - 34, HEADER + 24),
    ...scaleBar(20, height - 20),
    `<text x="${width - 20}" y="${height - 16}" font-size="12" fill="#5b6873" text-anchor="end">` +
      'Road distances: data set eurodist of R. Grid: 500 km. Lines join neighbours on the map.</text>',
    '</svg>',
  ].join('\n')}\n`;
}

function ends([x0, y0]: Point, [x1, y1]: Point): string {
  return `x1="${x0.toFixed(1)}" y1="${y0.toFixed(1)}" x2="${x1.toFixed(1)}" y2="${y1.toFixed(1)}"`;
}

function grid(width: number, frame: number): string[] {
  const step = GRID_KM * PIXELS_PER_KM;
  const lines: string[] = [];
  for (let x = step / 2; x < width; x += step)
    lines.push(`<line ${ends([x, HEADER], [x, HEADER + frame])}/>`);
  for (let y = step / 2; y < frame; y += step)
    lines.push(`<line ${ends([0, HEADER + y], [width, HEADER + y])}/>`);
  return ['<g stroke="#e3e9e5" stroke-width="1">', ...lines, '</g>'];
}

/** The relative neighbourhood graph. */
function neighbours(dots: readonly Point[]): [Point, Point][] {
  const distance = ([x0, y0]: Point, [x1, y1]: Point) => Math.hypot(x1 - x0, y1 - y0);
  const pairs = dots.flatMap((a, i) => dots.slice(i + 1).map((b): [Point, Point] => [a, b]));
  return pairs.filter(([a, b]) => {
    const length = distance(a, b);
    return !dots.some((c) => Math.max(distance(a, c), distance(b, c)) < length);
  });
}

function northArrow(x: number, y: number): string[] {
  return [
    `<path d="M${x} ${y} l-8 24 l8 -6 l8 6 z" fill="#5b6873"/>`,
    `<text x="${x}" y="${y + 40}" font-size="13" fill="#5b6873" text-anchor="middle">N</text>`,
  ];
}

function scaleBar(x: number, y: number): string[] {
  const end = x + 500 * PIXELS_PER_KM;
  return [
    `<path d="M${x} ${y - 5} v10 M${x} ${y} H${end} M${end} ${y - 5} v10" stroke="#22303c" stroke-width="1.5" fill="none"/>`,
    `<text x="${end + 8}" y="${y + 4}" font-size="12">500 km by road</text>`,
  ];
}
