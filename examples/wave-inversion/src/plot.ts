const [WIDTH, HEIGHT, HEADER, GAP, FOOTER] = [420, 380, 76, 74, 34];
const COLORS = { truth: '#22303c', guess: '#9aa7b1', found: '#c0392b' };
const CELL = 10;

export interface Profiles {
  readonly truth: Float64Array;
  readonly guess: Float64Array;
  readonly found: Float64Array;
}

/** An SVG: the pressure in the ground at some time, and speed against depth. `pressure`: `nx` cells to a row. */
export function drawInversion(
  profiles: Profiles,
  pressure: Float64Array,
  nx: number,
  title: string,
  subtitle: string,
): string {
  const width = 2 * WIDTH + 2 * GAP;
  const height = HEADER + HEIGHT + FOOTER;
  const left = WIDTH + GAP + GAP / 2;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    `  font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif" fill="#22303c" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="20" y="34" font-size="21" font-weight="bold">${title}</text>`,
    `<text x="20" y="58" font-size="13.5" fill="#5b6873">${subtitle}</text>`,
    ...waves(pressure, nx, 20),
    ...curves(profiles, left),
    '</svg>',
  ].join('\n')}\n`;
}

/** The pressure as squares: red is more, blue less than at rest. */
function waves(pressure: Float64Array, nx: number, left: number): string[] {
  const nz = pressure.length / nx;
  const [w, h] = [WIDTH / nx, HEIGHT / nz];
  const largest = Math.max(...pressure.map(Math.abs)) || 1;
  const squares: string[] = [];
  pressure.forEach((p, i) => {
    const strength = Math.min(1, 1.3 * Math.sqrt(Math.abs(p) / largest));
    if (strength < 0.06) return;
    const at = `x="${(left + (i % nx) * w).toFixed(1)}" y="${(HEADER + Math.floor(i / nx) * h).toFixed(1)}"`;
    const color = p > 0 ? '#c0392b' : '#2a6f97';
    squares.push(
      `<rect ${at} width="${(w + 0.2).toFixed(1)}" height="${(h + 0.2).toFixed(1)}" fill="${color}" opacity="${strength.toFixed(2)}"/>`,
    );
  });
  return [
    `<rect x="${left}" y="${HEADER}" width="${WIDTH}" height="${HEIGHT}" fill="#f3f6f4"/>`,
    ...squares,
    `<text x="${left}" y="${HEADER + HEIGHT + 22}" fill="#5b6873">a wave in the ground, ${nx * CELL} m wide and ${nz * CELL} m deep</text>`,
  ];
}

function curves({ truth, guess, found }: Profiles, left: number): string[] {
  const all = [...truth, ...guess, ...found];
  const low = 250 * Math.floor(Math.min(...all) / 250);
  const high = 250 * Math.ceil(Math.max(...all) / 250);
  const x = (speed: number): string => (left + ((speed - low) / (high - low)) * WIDTH).toFixed(1);
  const y = (z: number): string => (HEADER + (z / truth.length) * HEIGHT).toFixed(1);
  const lines: string[] = [];
  for (let speed = low; speed <= high; speed += 500)
    lines.push(
      `<line x1="${x(speed)}" y1="${HEADER}" x2="${x(speed)}" y2="${HEADER + HEIGHT}" stroke="#e3e9e5"/>`,
      `<text x="${x(speed)}" y="${HEADER + HEIGHT + 22}" fill="#5b6873" text-anchor="middle">${speed} m/s</text>`,
    );
  const curve = (speeds: Float64Array, color: string): string => {
    const points = Array.from(speeds, (c, z) => `${x(c)},${y(z)} ${x(c)},${y(z + 1)}`).join(' ');
    return `<polyline points="${points}" fill="none" stroke="${color}" stroke-width="2"/>`;
  };
  const names = [
    ['true speed', COLORS.truth],
    ['guess', COLORS.guess],
    ['recovered', COLORS.found],
  ].map(
    ([name, color], k) =>
      `<text x="${left + WIDTH - 8}" y="${HEADER + 20 + 18 * k}" fill="${color}" text-anchor="end" font-weight="bold">${name}</text>`,
  );
  return [
    `<rect x="${left}" y="${HEADER}" width="${WIDTH}" height="${HEIGHT}" fill="#f3f6f4"/>`,
    ...lines,
    curve(guess, COLORS.guess),
    curve(truth, COLORS.truth),
    curve(found, COLORS.found),
    ...names,
  ];
}
