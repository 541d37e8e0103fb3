import { modules } from './modules.js';
import type { Evaluation, Message, Module, Response } from './protocol.js';

/** The answer to one message. Whatever goes wrong is said in the answer: nothing is thrown. */
export function respond(message: Message): Response {
  const { id } = message;
  if (message.kind === 'start') return { id, tool: 'adjoint' };
  try {
    if (message.kind === 'define') {
      findModule(message.module);
      return { id, success: true };
    }
    if (message.kind === 'evaluate') {
      const evaluate = findFunction(message.module, message.function);
      return { id, success: true, ...evaluate(message.input as never) };
    }
    return { id };
  } catch (error) {
    return {
      id,
      success: false,
      error: error instanceof Error ? (error.stack ?? error.message) : `${error}`,
    };
  }
}

function findModule(name: string): Module {
  const module = modules.get(name);
  if (module === undefined) throw new Error(`no module '${name}'`);
  return module;
}

function findFunction(moduleName: string, name: string): (input: never) => Evaluation {
  const module = findModule(moduleName);
  if (!Object.hasOwn(module, name)) throw new Error(`no function '${name}' in module '${moduleName}'`);
  return module[name];
}
