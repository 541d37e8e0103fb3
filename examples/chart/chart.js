// Line charts as SVG, for the pictures of the examples. No dependencies; the types are in chart.d.ts.

const WIDTH = 460;
const LEAST_WIDTH = 600;
const HEIGHT = 380;
const HEADER = 76;
const MARGIN = { left: 66, right: 20, top: 34, bottom: 52 };
const COLOURS = ['#c0392b', '#2c6fbb', '#2f8f5b', '#8e5ba6', '#d58512', '#5b6873'];

/** A page with charts side by side. */
export function page(title, subtitle, charts) {
  const width = Math.max(LEAST_WIDTH, charts.length * WIDTH + 20);
  const each = (width - 20) / charts.length;
  const names = [...new Set(charts.flatMap((c) => c.series.map((s) => s.name)))];
  const colourOf = (name) => COLOURS[names.indexOf(name) % COLOURS.length];
  const { lines, rows } = legend(charts, names, colourOf, width, HEADER + HEIGHT + 12);
  const height = HEADER + HEIGHT + 14 + 22 * rows;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    `  font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif" fill="#22303c">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(20, 34, title, 'font-size="21" font-weight="bold"'),
    text(20, 58, subtitle, 'font-size="13.5" fill="#5b6873"'),
    ...charts.flatMap((chart, k) => [
      `<g transform="translate(${k * each + 6} ${HEADER})">`,
      ...panel(chart, colourOf, each),
      '</g>',
    ]),
    ...lines,
    '</svg>',
  ].join('\n')}\n`;
}

function panel({ title, x, y, series }, colourOf, width) {
  const shown = series.map((s) => ({
    ...s,
    points: s.points.filter(([a, b]) => isShown(a, x) && isShown(b, y)),
    band: (s.band ?? []).filter(([a, low, high]) => isShown(a, x) && isShown(low, y) && isShown(high, y)),
  }));
  const across = scale(
    x,
    shown.flatMap((s) => s.points.map((p) => p[0])),
    MARGIN.left,
    width - MARGIN.right,
  );
  const up = scale(
    y,
    shown.flatMap((s) => [...s.points.map((p) => p[1]), ...s.band.flatMap(([, a, b]) => [a, b])]),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  return [
    text(MARGIN.left, 20, title, 'font-size="14.5" font-weight="bold"'),
    ...axes(x, y, across, up, width),
    ...shown.flatMap((s) => curve(s, across.at, up.at, colourOf(s.name))),
  ];
}

function curve({ points, band, dashed }, atX, atY, colour) {
  const path = (list) => list.map(([a, b]) => `${atX(a).toFixed(1)},${atY(b).toFixed(1)}`).join(' ');
  const dash = dashed ? ' stroke-dasharray="6 5"' : '';
  const around = [...band.map(([a, low]) => [a, low]), ...band.map(([a, , high]) => [a, high]).reverse()];
  return [
    ...(around.length > 0 ? [`<polygon points="${path(around)}" fill="${colour}" opacity="0.15"/>`] : []),
    `<polyline points="${path(points)}" fill="none" stroke="${colour}" stroke-width="2.2"${dash} stroke-linejoin="round"/>`,
    ...(points.length <= 25
      ? points.map(
          ([a, b]) => `<circle cx="${atX(a).toFixed(1)}" cy="${atY(b).toFixed(1)}" r="3" fill="${colour}"/>`,
        )
      : []),
  ];
}

function axes(x, y, across, up, width) {
  const [left, right, bottom, top] = [MARGIN.left, width - MARGIN.right, HEIGHT - MARGIN.bottom, MARGIN.top];
  const middle = (top + bottom) / 2;
  const small = 'font-size="12" fill="#5b6873"';
  return [
    `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" fill="#f7f9f8"/>`,
    ...across.ticks.flatMap((t) => [
      line(across.at(t), top, across.at(t), bottom),
      text(across.at(t), bottom + 18, number(t, x), `${small} text-anchor="middle"`),
    ]),
    ...up.ticks.flatMap((t) => [
      line(left, up.at(t), right, up.at(t)),
      text(left - 8, up.at(t) + 4, number(t, y), `${small} text-anchor="end"`),
    ]),
    text((left + right) / 2, bottom + 40, x.label, 'font-size="13" text-anchor="middle"'),
    text(16, middle, y.label, `font-size="13" text-anchor="middle" transform="rotate(-90 16 ${middle})"`),
  ];
}

/** Maps the numbers of an axis to pixels, and says where its ticks are. */
function scale({ log }, values, from, to) {
  const forward = log ? Math.log10 : (v) => v;
  const all = values.map(forward);
  let low = Math.min(...all);
  let high = Math.max(...all);
  if (all.length === 0) [low, high] = [0, 1];
  if (!(high - low > 1e-12)) [low, high] = [low - 0.5, high + 0.5];
  const gap = (high - low) * 0.04;
  [low, high] = [low - gap, high + gap];
  const step = log ? Math.max(1, Math.ceil((high - low) / 7)) : niceStep((high - low) / 5);
  const ticks = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) ticks.push(log ? 10 ** (k * step) : k * step);
  return { at: (v) => from + ((forward(v) - low) / (high - low)) * (to - from), ticks };
}
function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((k) => k * power).find((s) => s >= rough);
}

/** The names of the curves, in as many rows as they need. */
function legend(charts, names, colourOf, width, top) {
  const dashed = new Set(charts.flatMap((c) => c.series.filter((s) => s.dashed).map((s) => s.name)));
  let [x, rows] = [24, 1];
  const lines = names.flatMap((name) => {
    const room = 46 + 7.2 * name.length;
    if (x > 24 && x + room > width) [x, rows] = [24, rows + 1];
    const [at, y] = [x, top + 22 * (rows - 1)];
    x += room;
    const dash = dashed.has(name) ? ' stroke-dasharray="6 5"' : '';
    return [
      `<path d="M${at} ${y - 4} h24" stroke="${colourOf(name)}" stroke-width="2.5"${dash}/>`,
      text(at + 30, y, name, 'font-size="13"'),
    ];
  });
  return { lines, rows };
}

const isShown = (v, axis) => Number.isFinite(v) && (!axis.log || v > 0);
const line = (x0, y0, x1, y1) =>
  `<line x1="${x0.toFixed(1)}" y1="${y0.toFixed(1)}" x2="${x1.toFixed(1)}" y2="${y1.toFixed(1)}" stroke="#e0e6e2"/>`;
const text = (x, y, words, attributes) =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escaped(words)}</text>`;
const escaped = (s) => s.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
function number(v, { log }) {
  if (log && (v >= 1e4 || v < 1e-2)) return `1e${Math.round(Math.log10(v))}`;
  return String(Number(v.toPrecision(6)));
}
