import { ba } from './evals/ba.js';
import { det } from './evals/det.js';
import { gmm } from './evals/gmm.js';
import { hello } from './evals/hello.js';
import { ht } from './evals/ht.js';
import { kmeans } from './evals/kmeans.js';
import { llsq } from './evals/llsq.js';
import { lse } from './evals/lse.js';
import { lstm } from './evals/lstm.js';
import { ode } from './evals/ode.js';
import { particle } from './evals/particle.js';
import { saddle } from './evals/saddle.js';
import type { Module } from './protocol.js';

/** The evals of GradBench, by the names of their modules. */
export const modules: ReadonlyMap<string, Module> = new Map<string, Module>([
  ['ba', ba],
  ['det', det],
  ['gmm', gmm],
  ['hello', hello],
  ['ht', ht],
  ['kmeans', kmeans],
  ['llsq', llsq],
  ['lse', lse],
  ['lstm', lstm],
  ['ode', ode],
  ['particle', particle],
  ['saddle', saddle],
]);
