/** What a marker does at run time: hands back the generated function, or explains why there is none. */
import { CHECKED } from './checked-key.js';

/** Thrown by a marker call that the build-time plugin has not compiled. */
export class NotCompiledError extends Error {
  readonly code = 'AD0002';
  /** The marker that was called, for example `grad`. */
  readonly marker: string;
  /** The place of the call as `file:line:column`, if the stack trace tells it. */
  readonly place: string | undefined;

  constructor(marker: string, place: string | undefined, pluginSeen: boolean) {
    super(explain(marker, place, pluginSeen));
    this.name = 'NotCompiledError';
    this.marker = marker;
    this.place = place;
  }
}

type Marker = (...args: never[]) => unknown;

/** Whether any marker of this program has been compiled: then the plugin runs, and misses only some files. */
let pluginSeen = false;

/** Returns `generated`, or throws a `NotCompiledError` (AD0002) that names the call of `marker`. */
export function requireCompiled(
  name: string,
  marker: Marker,
  generated: Marker | undefined,
  f?: unknown,
): Marker {
  if (generated !== undefined) {
    pluginSeen = true;
    const bind = (generated as { [CHECKED]?: (f: unknown) => Marker })[CHECKED];
    return bind ? bind(f) : generated;
  }
  const error = new NotCompiledError(name, placeOfCall(marker), pluginSeen);
  (Error as StackCapture).captureStackTrace?.(error, marker);
  throw error;
}

function explain(marker: string, place: string | undefined, pluginRuns: boolean): string {
  const where = place === undefined ? '' : ` at ${place}`;
  const absent = [
    'the plugin is not configured. Plain `tsc` ignores it silently: build with `tspc` from ts-patch and',
    '    "plugins": [{ "transform": "@adjoint/transformer", "transformProgram": true }]',
    '  in the compilerOptions of tsconfig.json; for Vite, vitest and esbuild use @adjoint/unplugin:',
    '    plugins: [adjoint()]',
  ];
  const outOfReach = [
    'the file of this call is out of the reach of the plugin: it is not part of the tsconfig project, it is',
    '  excluded or in node_modules, it was built without the plugin, or the marker was not called by its',
    '  imported name (a marker that is stored or passed on cannot be compiled).',
  ];
  const [first, second] = pluginRuns ? [outOfReach, absent] : [absent, outOfReach];
  const hint = pluginRuns
    ? 'Other marker calls of this program were compiled, so the likely cause comes first:'
    : 'No marker call of this program was compiled so far, so the likely cause comes first:';
  return [
    `AD0002: \`${marker}\`${where} was not compiled: the build-time plugin of adjoint did not rewrite this call.`,
    hint,
    `- ${first!.join('\n')}`,
    `- ${second!.join('\n')}`,
  ].join('\n');
}

interface StackCapture {
  captureStackTrace?(target: object, above?: Marker): void;
}

/** The first frame outside this package, as far as the engine's stack trace tells. */
function placeOfCall(marker: Marker): string | undefined {
  const capture = (Error as StackCapture).captureStackTrace;
  const trace = new Error();
  const own = framesOf(trace)[0];
  if (capture !== undefined) {
    // Exact even if this package was bundled into the same file as the call.
    capture.call(Error, trace, marker);
    return framesOf(trace)[0];
  }
  const folder = own?.slice(0, own.lastIndexOf('/') + 1);
  return framesOf(trace).find((frame) => folder === undefined || !frame.startsWith(folder));
}

/** The frames of a stack trace with a place, innermost first; V8 writes `at f (place)`, other engines `f@place`. */
function framesOf(trace: Error): string[] {
  if (typeof trace.stack !== 'string') return [];
  const places: string[] = [];
  for (const line of trace.stack.split('\n')) {
    const place = /^(.+):(\d+):(\d+)$/.exec(placeIn(line.trim()));
    if (place !== null) places.push(`${readable(place[1]!)}:${place[2]}:${place[3]}`);
  }
  return places;
}

function placeIn(frame: string): string {
  if (!frame.startsWith('at ')) return frame.slice(frame.indexOf('@') + 1);
  if (frame.endsWith(')')) return frame.slice(frame.indexOf('(') + 1, -1);
  return frame.slice('at '.length).replace(/^async /, '');
}

/** A file URL as a path. */
function readable(file: string): string {
  if (!file.startsWith('file://')) return file;
  try {
    return decodeURIComponent(file.slice('file://'.length)).replace(/^\/(?=[A-Za-z]:)/, '');
  } catch {
    return file;
  }
}
