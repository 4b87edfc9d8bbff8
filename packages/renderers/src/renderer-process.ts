import { fork, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Rendered, RenderReply, RenderRequest } from './renderer-protocol.ts';
import { DocumentsDiffer, RenderCrashed, RenderRefused, RenderTimeout, type PoolSettings } from './renderer-pool.ts';

export interface RendererProcess {
  render(request: RenderRequest, signal?: AbortSignal): Promise<Rendered>;
  /** Resident memory as last seen, in bytes. */
  rssBytes(): number;
  /** Why it can no longer be used; undefined while it can. */
  endReason(): 'memory' | 'timeout' | 'crash' | undefined;
  kill(): void;
  /** It has started, or has ended before. */
  ready: Promise<void>;
  exited: Promise<void>;
}

/** How often a working renderer's memory is looked at, in milliseconds. */
const MEMORY_CHECK_MS = 250;
const MEGABYTE = 2 ** 20;
/** Node's own heap in a renderer; Typst's memory lies outside of it. Reading documents back needs more. */
const HEAP_MB = 128;
const VERIFYING_HEAP_MB = 256;
/** Each half of what holds new objects, beside that. V8 would let it grow for thousands of documents, to no use. */
const SEMI_SPACE_MB = 4;
export const heapFor = (verify: boolean): number => (verify ? VERIFYING_HEAP_MB : HEAP_MB);

/** It may read the code and write nothing. */
export const rendererFlags = (heapMb: number): string[] => [
  '--permission',
  '--allow-addons',
  '--allow-fs-read=*',
  '--disable-warning=SecurityWarning',
  `--max-old-space-size=${heapMb}`,
  `--max-semi-space-size=${SEMI_SPACE_MB}`,
];

/**
 * All of a renderer's environment: no secret is in it. Typst would start a thread for each core and share each document
 * among them, which takes about a tenth more processor time and ends no sooner: cores are shared out by renderers.
 */
export const rendererEnvironment = { RAYON_NUM_THREADS: '1' };

/** Without the worker's environment, and so without a secret. */
export const forkRenderer = ({
  VERIFY_DOCUMENTS,
  rendererFile = new URL('renderer.ts', import.meta.url),
}: Pick<PoolSettings, 'VERIFY_DOCUMENTS' | 'rendererFile'>): ChildProcess =>
  fork(fileURLToPath(rendererFile), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: rendererEnvironment,
    execArgv: rendererFlags(heapFor(VERIFY_DOCUMENTS)),
  });

/** Watches over a renderer that has just been started. */
export const createRendererProcess = (
  { RENDER_TIMEOUT_MS, RENDERER_MAX_MB }: Pick<PoolSettings, 'RENDER_TIMEOUT_MS' | 'RENDERER_MAX_MB'>,
  child: ChildProcess,
): RendererProcess => {
  let rssBytes = 0;
  let endReason: ReturnType<RendererProcess['endReason']>;
  let current: { resolve(rendered: Rendered): void; reject(error: Error): void } | undefined;
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const started = Promise.withResolvers<void>();

  const end = (reason: NonNullable<typeof endReason>, error: Error) => {
    endReason ??= reason;
    child.kill('SIGKILL');
    started.resolve();
    current?.reject(error);
  };
  child.on('message', (reply: RenderReply) => {
    if (reply.kind === 'ready') return started.resolve();
    rssBytes = reply.rssBytes;
    if (reply.kind === 'rendered') current?.resolve(reply);
    else if (reply.kind === 'refused')
      current?.reject(new RenderRefused(reply.reason, reply.remedy, reply.diagnostics));
    else if (reply.kind === 'differs') current?.reject(new DocumentsDiffer(reply.differences));
    else current?.reject(new RenderCrashed(`the renderer failed: ${reply.message}`));
  });
  child.on('error', (error) =>
    end('crash', new RenderCrashed(`the renderer could not be started or reached: ${error.message}`)),
  );
  child.on('exit', (code, signal) =>
    end('crash', new RenderCrashed(`the renderer ended with ${signal ?? `code ${code}`}`)),
  );

  const watchMemory = async () => {
    const bytes = await residentBytes(child.pid);
    rssBytes = bytes ?? rssBytes;
    if (current && rssBytes > RENDERER_MAX_MB * MEGABYTE)
      end('memory', new RenderCrashed(`the renderer took more than ${RENDERER_MAX_MB} MB`));
  };

  return {
    async render(request, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<Rendered>();
      current = { resolve, reject };
      const deadline = setTimeout(
        () => end('timeout', new RenderTimeout(`typesetting took longer than ${RENDER_TIMEOUT_MS} ms`)),
        RENDER_TIMEOUT_MS,
      );
      const memory = setInterval(() => void watchMemory(), MEMORY_CHECK_MS);
      const abort = () => end('crash', new RenderCrashed('the worker took the renderer away'));
      signal?.addEventListener('abort', abort, { once: true });
      try {
        if (endReason) throw new RenderCrashed('the renderer had ended before it was asked');
        child.send(
          request,
          (error) => error && end('crash', new RenderCrashed(`the renderer could not be reached: ${error.message}`)),
        );
        return await promise;
      } finally {
        current = undefined;
        clearTimeout(deadline);
        clearInterval(memory);
        signal?.removeEventListener('abort', abort);
      }
    },
    rssBytes: () => rssBytes,
    endReason: () => endReason,
    kill: () => {
      endReason ??= 'crash';
      child.kill('SIGKILL');
    },
    ready: started.promise,
    exited,
  };
};

/** From /proc; undefined where there is none (then only the size after each document is known). */
const residentBytes = async (pid: number | undefined): Promise<number | undefined> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
};
