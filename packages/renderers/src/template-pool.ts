import type { TemplateFile } from '@invoicepress/documents';
import { setTimeout as sleep } from 'node:timers/promises';
import { RenderCrashed, RenderRefused, RenderTimeout, type PoolObserver } from './renderer-pool.ts';
import { createRendererProcess, type RendererProcess } from './renderer-process.ts';
import type { Rendered, RenderRequest } from './renderer-protocol.ts';
import { forkSandboxed, isHeldTo, type SandboxBounds, type Sandboxed } from './sandbox.ts';

/** A template of one tenant, unpacked. */
export interface TemplateBundle {
  tenantId: string;
  sha256: string;
  files: TemplateFile[];
}

export interface TemplatePoolSettings {
  TEMPLATE_RENDERER_POOL_SIZE: number;
  TEMPLATE_TIMEOUT_MS: number;
  TEMPLATE_MAX_MB: number;
  VERIFY_DOCUMENTS: boolean;
}

/** The renderer was stopped for what the template did, or died of it. */
export class TemplateStopped extends RenderRefused {
  override readonly name = 'TemplateStopped';
}

/** What is to be rendered: an `IssuedInvoice` as JSON, what it names by its SHA-256, and a page to draw as well. */
export type TemplateOrder = Pick<RenderRequest, 'invoice' | 'assets' | 'picture'>;

export interface TemplatePool extends AsyncDisposable {
  /**
   * Waits for its turn, then renders.
   * @throws {RenderRefused} the template or the invoice is at fault  @throws {TemplateStopped} it took too long or too
   * much  @throws {DocumentsDiffer} with `VERIFY_DOCUMENTS`  @throws {RenderCrashed} the worker stops, or takes the renderer away
   */
  render(bundle: TemplateBundle, order: TemplateOrder, signal?: AbortSignal): Promise<Rendered>;
  /** Renders that run or wait. */
  inHand(): number;
}

interface Slot extends Sandboxed {
  process: RendererProcess;
  /** Of the one template that it serves. */
  key: string;
  /** Milliseconds that it has worked. */
  busyMs: number;
  served: boolean;
  idleTimer?: NodeJS.Timeout;
}

/** Milliseconds that a renderer's start is waited for, on however busy a machine. */
const START_MS = 30_000;
/** A renderer that has worked for so long gives way to a fresh one, well before the kernel ends it. */
const WORKED_MS = 600_000;
const CPU_SECONDS = 1_500;
/** An idle renderer goes after so many milliseconds, and its memory with it. */
const IDLE_MS = 120_000;

/**
 * Renderers of uploaded templates, apart from those of everybody's invoices. Each serves one template of one tenant;
 * when another is needed and there are as many as may be, one that is idle makes room. Whatever a template does costs
 * its own renderer, and its own turn.
 */
export const createTemplatePool = (settings: TemplatePoolSettings, observer: PoolObserver = {}): TemplatePool => {
  const verify = settings.VERIFY_DOCUMENTS;
  const bounds = boundsOf(settings);
  const limits = {
    RENDER_TIMEOUT_MS: settings.TEMPLATE_TIMEOUT_MS,
    RENDERER_MAX_MB: settings.TEMPLATE_MAX_MB,
  };
  const all = new Set<Slot>();
  const idle: Slot[] = [];
  const waiting: { key: string; turn: PromiseWithResolvers<Slot> }[] = [];
  let closed = false;
  let inHand = 0;

  const start = (key: string): Slot => {
    const sandboxed = forkSandboxed(bounds);
    const slot = {
      ...sandboxed,
      process: createRendererProcess(limits, sandboxed.child),
      key,
      busyMs: 0,
      served: false,
    };
    all.add(slot);
    return slot;
  };
  const drop = (slot: Slot): void => {
    clearTimeout(slot.idleTimer);
    all.delete(slot);
    slot.process.kill();
  };
  const takeIdle = (fits: (slot: Slot) => boolean): Slot | undefined => {
    const at = idle.findIndex(fits);
    const [slot] = at < 0 ? [] : idle.splice(at, 1);
    if (slot) clearTimeout(slot.idleTimer);
    return slot;
  };
  /** One that serves the template and lives; a new one while there is room; or the room of the one idle for longest. */
  const find = (key: string): Slot | undefined => {
    for (const dead of idle.filter(({ process }) => process.endReason())) {
      takeIdle((slot) => slot === dead);
      drop(dead);
    }
    const own = takeIdle((slot) => slot.key === key);
    if (own) return own;
    if (all.size >= settings.TEMPLATE_RENDERER_POOL_SIZE) {
      const other = takeIdle(() => true);
      if (!other) return undefined;
      drop(other);
    }
    return start(key);
  };
  const acquire = async (key: string): Promise<Slot> => {
    if (closed) throw poolClosed();
    const found = waiting.length === 0 ? find(key) : undefined;
    if (found) return found;
    const turn = Promise.withResolvers<Slot>();
    waiting.push({ key, turn });
    return turn.promise;
  };
  const release = (slot: Slot): void => {
    const reason = slot.process.endReason();
    if (reason && !closed) observer.rendererReplaced?.(reason);
    if (reason || slot.busyMs > WORKED_MS || closed) drop(slot);
    else {
      idle.push(slot);
      slot.idleTimer = setTimeout(() => {
        takeIdle((candidate) => candidate === slot);
        drop(slot);
      }, IDLE_MS).unref();
    }
    const next = closed ? undefined : waiting.shift();
    if (!next) return;
    const found = find(next.key);
    if (found) next.turn.resolve(found);
    else waiting.unshift(next);
  };

  const attempt = async (
    { tenantId, sha256, files }: TemplateBundle,
    order: TemplateOrder,
    signal?: AbortSignal,
  ): Promise<Rendered> => {
    const slot = await acquire(`${tenantId} ${sha256}`);
    const startedAt = performance.now();
    try {
      // Its start is not the template's doing, and no part of the template's time.
      await within(START_MS, slot.process.ready);
      signal?.throwIfAborted();
      const request = { ...order, template: sha256, verify, ...(!slot.served && { files }) };
      slot.served = true;
      return await slot.process.render(request, signal);
    } catch (error) {
      if (signal?.aborted || closed) throw error;
      throw await explain(error, slot, settings);
    } finally {
      slot.busyMs += performance.now() - startedAt;
      release(slot);
    }
  };

  return {
    async render(bundle, order, signal) {
      inHand += 1;
      try {
        return await attempt(bundle, order, signal);
      } finally {
        inHand -= 1;
      }
    },
    inHand: () => inHand,
    async [Symbol.asyncDispose]() {
      closed = true;
      for (const { turn } of waiting.splice(0)) turn.reject(poolClosed());
      const slots = [...all];
      for (const slot of slots) drop(slot);
      await Promise.all(slots.map(({ process }) => process.exited));
    },
  };
};

const boundsOf = ({ TEMPLATE_MAX_MB, VERIFY_DOCUMENTS }: TemplatePoolSettings): SandboxBounds => ({
  maxMb: TEMPLATE_MAX_MB,
  cpuSeconds: CPU_SECONDS,
  verify: VERIFY_DOCUMENTS,
});

/** Whether this system holds renderers of templates to their bounds. */
export const isSandboxed = (settings: TemplatePoolSettings): Promise<boolean> => isHeldTo(boundsOf(settings));

/** Waits for it, but no longer. */
const within = async (ms: number, started: Promise<void>): Promise<void> => {
  const over = new AbortController();
  await Promise.race([started, sleep(ms, undefined, { signal: over.signal })]).finally(() => over.abort());
};

const poolClosed = () => new RenderCrashed('the worker is stopping and starts no more renders');

/** Whatever ended the renderer was the template's doing: it serves no other. */
const explain = async (
  error: unknown,
  { process, lastWords }: Slot,
  { TEMPLATE_TIMEOUT_MS, TEMPLATE_MAX_MB }: TemplatePoolSettings,
): Promise<unknown> => {
  if (error instanceof RenderTimeout)
    return tooMuch(
      `it took longer than ${TEMPLATE_TIMEOUT_MS} ms`,
      'look for a loop or a recursion that does not end, and for layout that is done over and over',
    );
  if (!(error instanceof RenderCrashed)) return error;
  const reason = process.endReason();
  if (reason) await process.exited;
  if (
    reason === 'memory' ||
    /memory allocation|out of memory|capacity overflow/i.test(`${lastWords()} ${error.message}`)
  )
    return tooMuch(
      `it took more than ${TEMPLATE_MAX_MB} MB of memory`,
      'look for what grows without end, and use smaller images',
    );
  return tooMuch(
    'its renderer broke down',
    'look for sources or content that are nested without end, or report it with the bundle',
  );
};

const tooMuch = (message: string, hint: string): TemplateStopped =>
  new TemplateStopped(
    `The template could not typeset this invoice: ${message}.`,
    'Mend the template and activate the new version, or submit the invoice with another one.',
    [{ severity: 'error', message: `rendering was stopped: ${message}`, hint }],
  );
