import type { Assets, RenderedDocument } from '@invoicepress/documents';
import type { TemplateDiagnostic } from '@invoicepress/invoice';
import { createRendererProcess, forkRenderer, type RendererProcess } from './renderer-process.ts';

/** The same input fails again: with this template these data cannot become a document. */
export class RenderRefused extends Error {
  override readonly name: string = 'RenderRefused';
  readonly remedy: string;
  /** Where a template of somebody's own is at fault. */
  readonly diagnostics: TemplateDiagnostic[];
  constructor(reason: string, remedy: string, diagnostics: TemplateDiagnostic[] = []) {
    super(reason);
    this.remedy = remedy;
    this.diagnostics = diagnostics;
  }
}

/** The documents were made, and do not say what the invoice says. With the same template they would not the next time. */
export class DocumentsDiffer extends Error {
  override readonly name = 'DocumentsDiffer';
  constructor(differences: readonly string[]) {
    const more = differences.length - MAX_DIFFERENCES;
    super([...differences.slice(0, MAX_DIFFERENCES), ...(more > 0 ? [`And ${more} more.`] : [])].join(' '));
  }
}
/** As many as a reason names. */
const MAX_DIFFERENCES = 5;

/** The renderer was killed at the deadline. */
export class RenderTimeout extends Error {
  override readonly name = 'RenderTimeout';
}

/** The renderer died, or was killed for its memory. */
export class RenderCrashed extends Error {
  override readonly name = 'RenderCrashed';
}

const poolClosed = () => new RenderCrashed('the worker is stopping and starts no more renders');

export interface PoolSettings {
  RENDERER_POOL_SIZE: number;
  RENDER_TIMEOUT_MS: number;
  RENDERER_RECYCLE_MB: number;
  RENDERER_MAX_MB: number;
  VERIFY_DOCUMENTS: boolean;
  /** The program of a renderer, where it is another than ours. */
  rendererFile?: URL;
}

export interface PoolObserver {
  rendererReplaced?(reason: 'memory' | 'timeout' | 'crash'): void;
}

export interface RenderOrder {
  tenantId: string;
  /** An `IssuedInvoice` as JSON. */
  invoice: string;
  template: string;
  /** What the invoice names by its SHA-256. */
  assets?: Assets | undefined;
}

export interface RendererPool extends AsyncDisposable {
  /**
   * All of the invoice's formats, or none. When all renderers are busy, tenants take turns.
   * @throws {RenderRefused | DocumentsDiffer | RenderTimeout | RenderCrashed}
   */
  render(order: RenderOrder, signal?: AbortSignal): Promise<RenderedDocument[]>;
  stats(): { size: number; busy: number; waiting: number; rssBytes: number };
  /** Whether a renderer has started; when none can, nothing will ever be ready. */
  alive(): boolean;
}

/**
 * Renderers in child processes, so that the worker's own loop never blocks and a hostile or broken document costs
 * one child. They are started when first needed, replaced when they grow, and killed when they overrun.
 */
export const createRendererPool = (settings: PoolSettings, observer: PoolObserver = {}): RendererPool => {
  const idle: RendererProcess[] = [];
  const all = new Set<RendererProcess>();
  const waiting = createLines<PromiseWithResolvers<RendererProcess>>();
  let closed = false;

  const start = (): RendererProcess => {
    const renderer = createRendererProcess(settings, forkRenderer(settings));
    all.add(renderer);
    return renderer;
  };
  /** An idle renderer that died meanwhile costs nobody an attempt. */
  const popAlive = (): RendererProcess | undefined => {
    for (let renderer = idle.pop(); renderer; renderer = idle.pop()) {
      const reason = renderer.endReason();
      if (!reason) return renderer;
      all.delete(renderer);
      observer.rendererReplaced?.(reason);
    }
    return undefined;
  };
  const acquire = async (tenantId: string): Promise<RendererProcess> => {
    if (closed) throw poolClosed();
    const free = popAlive() ?? (all.size < settings.RENDERER_POOL_SIZE ? start() : undefined);
    if (free) return free;
    const turn = Promise.withResolvers<RendererProcess>();
    waiting.add(tenantId, turn);
    return turn.promise;
  };
  const release = (renderer: RendererProcess): void => {
    const reason =
      renderer.endReason() ?? (renderer.rssBytes() > settings.RENDERER_RECYCLE_MB * 2 ** 20 ? 'memory' : undefined);
    if (reason && !closed) observer.rendererReplaced?.(reason);
    let next = renderer;
    if (reason) {
      all.delete(renderer);
      renderer.kill();
      if (closed) return;
      next = start(); // at once, so that it has its fonts by the time it is needed
    }
    const waiter = waiting.next();
    if (waiter) waiter.resolve(next);
    else idle.push(next);
  };

  return {
    async render({ tenantId, ...order }, signal) {
      const renderer = await acquire(tenantId);
      try {
        signal?.throwIfAborted();
        const { documents } = await renderer.render({ ...order, verify: settings.VERIFY_DOCUMENTS }, signal);
        return documents;
      } finally {
        release(renderer);
      }
    },
    stats: () => ({
      size: all.size,
      busy: all.size - idle.length,
      waiting: waiting.length(),
      rssBytes: Math.max(0, ...[...all].map((renderer) => renderer.rssBytes())),
    }),
    alive: () => [...all].some((renderer) => renderer.endReason() === undefined) || all.size === 0,
    async [Symbol.asyncDispose]() {
      closed = true;
      for (let waiter = waiting.next(); waiter; waiter = waiting.next()) waiter.reject(poolClosed());
      for (const renderer of all) renderer.kill();
      await Promise.all([...all].map((renderer) => renderer.exited));
    },
  };
};

/** A line for each owner, of whom each gives way to the others when one of its own was served. */
const createLines = <T>() => {
  const lines = new Map<string, T[]>();
  return {
    add(owner: string, one: T): void {
      const line = lines.get(owner);
      if (line) line.push(one);
      else lines.set(owner, [one]);
    },
    next(): T | undefined {
      for (const [owner, line] of lines) {
        lines.delete(owner);
        const one = line.shift();
        if (line.length > 0) lines.set(owner, line); // at the end
        return one;
      }
      return undefined;
    },
    length: () => lines.values().reduce((sum, line) => sum + line.length, 0),
  };
};
