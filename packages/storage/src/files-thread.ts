/** The thread that writes files: everything that is waiting for it at a time goes to disk together. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { writeOnce, type Writing, type Written } from './write-once.ts';

export interface WriteRequest extends Writing {
  id: number;
}
export type WriteReply = { id: number; written: Written }[];

/** Objects that go to disk together, at most: the first of them waits for the last. */
const MAX_TOGETHER = 16;

const { root } = workerData as { root: string };
const synced = new Set<string>();

if (parentPort === null) throw new Error('files-thread.ts runs in a thread that files-writer.ts starts');
const port = parentPort;
port.on('message', (first: WriteRequest) => {
  const requests = [first];
  while (requests.length < MAX_TOGETHER) {
    const next = receiveMessageOnPort(port);
    if (!next) break;
    requests.push(next.message as WriteRequest);
  }
  const written = writeOnce(root, requests, synced);
  const reply = written.map((outcome, index) => ({ id: requests[index]?.id ?? 0, written: outcome }));
  port.postMessage(reply satisfies WriteReply);
});
