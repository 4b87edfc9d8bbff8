import { Worker } from 'node:worker_threads';
import { StorageUnreachable } from './errors.ts';
import type { WriteReply, WriteRequest } from './files-thread.ts';
import type { Writing, Written } from './write-once.ts';

export interface FilesWriter {
  /** @throws StorageUnreachable when the thread ended */
  write(object: Writing): Promise<Written>;
  close(): void;
}

/** Hands objects to a thread that writes them; it starts with the first, and again should it ever end. */
export const openFilesWriter = (root: string): FilesWriter => {
  const pending = new Map<number, PromiseWithResolvers<Written>>();
  let thread: Worker | undefined;
  let lastId = 0;

  const answer = (reply: WriteReply): void => {
    for (const { id, written } of reply) {
      pending.get(id)?.resolve(written);
      pending.delete(id);
    }
    if (pending.size === 0) thread?.unref(); // an idle thread keeps no process alive
  };
  const ended = (): void => {
    thread = undefined;
    for (const { reject } of pending.values()) reject(new StorageUnreachable(`Writing to ${root} was broken off.`));
    pending.clear();
  };
  const start = (): Worker => {
    const started = new Worker(new URL('files-thread.ts', import.meta.url), { workerData: { root } });
    // An error is always followed by the exit. To count both would break off what the next thread has begun meanwhile.
    return started
      .on('message', answer)
      .on('error', () => {})
      .on('exit', ended);
  };

  return {
    write: ({ key, bytes }) => {
      const outcome = Promise.withResolvers<Written>();
      const id = ++lastId;
      pending.set(id, outcome);
      thread ??= start();
      thread.ref();
      const copy = Uint8Array.from(bytes); // a view may be a small part of a large buffer, which would travel along
      thread.postMessage({ id, key, bytes: copy } satisfies WriteRequest, [copy.buffer]);
      return outcome.promise;
    },
    close: () => void thread?.terminate(),
  };
};
