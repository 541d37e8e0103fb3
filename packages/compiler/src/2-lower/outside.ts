/**
 * **Question**: how does the program reach what stands outside of it: variables that it reads or assigns, private static fields, tables?
 * **Method**: a variable that it assigns lives in a cell while it runs, and each assignment is written through; a table, as an object of
 * the program, is made again at the beginning. Every function of the program is given both.
 */

import { skipWrappers, symbolOf } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { outsideType, UnsupportedType } from '../host/types.js';
import { OPAQUE } from '../ir/nodes.js';
import { CELL, isRef } from '../ir/types.js';
import { symbolOfClass } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import type { LowerRequest, OuterVariable } from './request.js';
import { type Env, THIS, type Val } from './shapes.js';
import type { LowerState } from './state.js';
import { lowerTable, tableOf } from './tables.js';

export class Outside {
  /** What the program assigns, in the order of its cells. */
  readonly assigned: OuterVariable[] = [];
  /** How the primal variables are written: captured ones through a function that is passed with them. */
  private readonly setters = new Map<ts.Symbol, ts.Symbol>();
  private readonly madeTables = new Set<ts.Symbol>();

  constructor(
    private readonly state: LowerState,
    private readonly r: Pick<LowerRequest, 'reach' | 'write' | 'privateStatic' | 'receiver'>,
  ) {}

  private get host(): Host {
    return this.state.host;
  }

  // ------------------------------------------------------------------ text

  /** The expression that reads a module-level variable from generated code, if there is one. */
  reach(symbol: ts.Symbol): string | undefined {
    return this.r.reach(symbol);
  }
  /** The same, or a refusal. */
  text(cx: FunctionContext, symbol: ts.Symbol, at: ts.Node): string {
    const text = this.r.reach(symbol);
    return (
      text ??
      cx.refuse(
        'AD5007',
        at,
        isInNamespace(this.host.ts, symbol)
          ? `\`${symbol.name}\` belongs to a namespace, which does not export it`
          : `\`${symbol.name}\` belongs to a module of another package, which does not export it`,
        isInNamespace(this.host.ts, symbol) ? 'export it from the namespace' : undefined,
      )
    );
  }
  /** The method that gives or sets a private static field. */
  privateText(
    cx: FunctionContext,
    owner: ts.Symbol,
    field: string,
    access: 'get' | 'set',
    node: ts.Node,
  ): string {
    const text = this.r.privateStatic(owner, field, access);
    return (
      text ?? cx.refuse('AD5007', node, `the private static field \`${field}\` cannot be reached from here`)
    );
  }
  /** The text of a variable, or of a static field. */
  private placeText(cx: FunctionContext, symbol: ts.Symbol, node: ts.Node): string {
    return this.staticText(cx, symbol, node) ?? this.text(cx, symbol, node);
  }
  private staticText(cx: FunctionContext, symbol: ts.Symbol, node: ts.Node): string | undefined {
    const d = symbol.valueDeclaration;
    const { ts } = this.host;
    if (!d || !ts.isPropertyDeclaration(d)) return undefined;
    const owner = ts.isClassLike(d.parent) ? symbolOfClass(cx, d.parent) : undefined;
    if (!owner) return cx.refuse('AD5007', node);
    if (ts.isPrivateIdentifier(d.name)) return `${this.privateText(cx, owner, d.name.text, 'get', node)}()`;
    return `${this.text(cx, owner, node)}.${symbol.name}`;
  }
  /** The pieces of text around the value that is stored in a variable, or in a static field. */
  private writing(cx: FunctionContext, symbol: ts.Symbol, node: ts.Node): readonly string[] {
    const d = symbol.valueDeclaration;
    const { ts } = this.host;
    if (d && ts.isPropertyDeclaration(d) && ts.isPrivateIdentifier(d.name) && ts.isClassLike(d.parent)) {
      const owner = symbolOfClass(cx, d.parent);
      if (!owner) return cx.refuse('AD5007', node);
      return [`${this.privateText(cx, owner, d.name.text, 'set', node)}(`, ')'];
    }
    const place = this.staticText(cx, symbol, node);
    return (
      (place === undefined ? this.r.write(symbol) : [`${place} = `, '']) ??
      cx.refuse(
        'AD5007',
        node,
        isInNamespace(this.host.ts, symbol)
          ? `\`${symbol.name}\` belongs to a namespace, which does not export it, and is written here`
          : `\`${symbol.name}\` belongs to another package, and is written here`,
        isInNamespace(this.host.ts, symbol) ? 'export it from the namespace' : undefined,
      )
    );
  }

  // ------------------------------------------------------------------ variables

  /** Cells for the variables that the program assigns. */
  makeCells(cx: FunctionContext, at: ts.Node): void {
    for (const [symbol, node] of this.state.inference.outerWrites) {
      const known = cx.env.get(symbol);
      this.assigned.push(
        known
          ? { read: symbol.name, write: [`${symbol.name} = `, ''] }
          : { read: this.placeText(cx, symbol, node), write: this.writing(cx, symbol, node) },
      );
      const declared = this.state.hostOf(at).checker.getTypeOfSymbolAtLocation(symbol, at);
      const v = known && known.kind !== 'conflict' ? known : this.read(cx, symbol, declared, node);
      cx.env.set(symbol, cx.makeCell(cx.ir(v, node), declared, symbol.valueDeclaration ?? node));
    }
  }
  private read(cx: FunctionContext, symbol: ts.Symbol, declared: ts.Type, node: ts.Node): Val {
    const type = outsideType(this.host, declared, node);
    if (type instanceof UnsupportedType) return cx.refuse(type.code, node, type.why);
    const id = cx.fresh(type, node, symbol.name);
    const text = this.placeText(cx, symbol, node);
    cx.emit({ kind: 'outer', text, changes: true, results: [id], span: cx.span(node) });
    return { kind: 'ir', id };
  }
  /** Variables that the program assigns, and that code from outside may have assigned too. */
  readAgain(cx: FunctionContext, node: ts.Node): void {
    for (const symbol of this.state.inference.outerWrites.keys()) {
      const cell = cx.env.get(symbol);
      if (cell?.kind !== 'cell') continue;
      if (isRef(cell.type) || this.setters.has(symbol))
        cx.refuse(
          'AD4003',
          node,
          `a function that comes from outside may assign \`${symbol.name}\`, which is assigned here too`,
          'pass it as an argument',
        );
      const now = cx.foreign([this.placeText(cx, symbol, node)], [], cell.type, false, node, 'reads');
      const before = cx.load(cell.ref, { key: CELL }, node);
      // what was not assigned keeps its derivative
      const assign = (): undefined => {
        cx.store(cell.ref, { key: CELL }, now, node);
        return undefined;
      };
      cx.branch(cx.scalar('ne', [now, before], node), assign, () => undefined, node);
    }
  }
  /** Writes a variable through, if it is one of those. */
  write(cx: FunctionContext, symbol: ts.Symbol, v: Val, node: ts.Node): void {
    if (!this.state.inference.outerWrites.has(symbol)) return;
    const id = cx.ir(v, node);
    const setter = this.setters.get(symbol);
    const set = setter && cx.env.get(setter);
    if (set) cx.foreign(['', '(', ')'], [cx.ir(set, node), id], OPAQUE, false, node, 'writes');
    else cx.foreign(this.writing(cx, symbol, node), [id], OPAQUE, false, node, 'writes');
  }
  /** The variable that holds the function which writes a captured variable. */
  setterOf(symbol: ts.Symbol): ts.Symbol {
    let s = this.setters.get(symbol);
    if (!s) this.setters.set(symbol, (s = { name: `set_${symbol.name}` } as ts.Symbol));
    return s;
  }

  // ------------------------------------------------------------------ tables

  /** The tables that the program uses, in the place of the variables that hold them. */
  makeTables(cx: FunctionContext): void {
    for (const [symbol, node] of this.state.inference.tables) this.makeTable(cx, symbol, node);
  }
  /** `grad(net.forward)`, where `net` is a table. */
  remakeReceiver(cx: FunctionContext): void {
    const { ts } = this.host;
    const e = this.r.receiver && skipWrappers(ts, this.r.receiver);
    const symbol = e && ts.isIdentifier(e) ? symbolOf(this.host, e) : undefined;
    const { inference, scopesOf } = this.state;
    if (!e || !symbol || !inference.readsTables || scopesOf(e).isLocal(symbol)) return;
    const made = cx.env.get(symbol) ?? this.tableNow(cx, symbol, e);
    if (made) cx.env.set(THIS, made);
  }
  private makeTable(cx: FunctionContext, symbol: ts.Symbol, node: ts.Node): Val | undefined {
    const table = tableOf(this.state, symbol);
    if (!table || this.madeTables.has(symbol)) return cx.env.get(symbol);
    this.madeTables.add(symbol);
    const root = cx.env.has(symbol) ? () => undefined : () => this.placeText(cx, symbol, node);
    const made: Val = { kind: 'ir', id: cx.ir(lowerTable(cx, table, root), node) };
    cx.env.set(symbol, made);
    return made;
  }
  isTable(symbol: ts.Symbol): boolean {
    return tableOf(this.state, symbol) !== undefined;
  }
  /** The table that a variable holds, as one of the parts of the table that is made; elsewhere it is made at the beginning. */
  tableNow(cx: FunctionContext, symbol: ts.Symbol, node: ts.Node): Val | undefined {
    if (!this.isTable(symbol)) return undefined;
    if (cx.replaced) return this.makeTable(cx, symbol, node);
    this.state.inference.noteTable(symbol, node);
    return cx.giveUp(node);
  }

  /** What a function is called with: what it captures, and the cells and tables of the program. */
  handedOn(cx: FunctionContext, captures: Env): Env {
    const { outerWrites, tables } = this.state.inference;
    if (outerWrites.size + tables.size === 0) return captures;
    const all: Env = new Map(captures);
    for (const symbol of [...outerWrites.keys(), ...tables.keys()])
      for (const s of [symbol, this.setters.get(symbol)]) {
        const v = s && cx.env.get(s);
        if (s && v) all.set(s, v);
      }
    return all;
  }
}

/** Whether a variable is declared in the block of a namespace. */
function isInNamespace(ts: Host['ts'], symbol: ts.Symbol): boolean {
  const list = symbol.valueDeclaration?.parent;
  return list !== undefined && ts.isVariableDeclarationList(list) && ts.isModuleBlock(list.parent.parent);
}
