/** Official judgement of documents, over as many threads as there are cores. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Profile } from '@invoicepress/invoice';
import type { Syntax } from './artefacts.ts';

export interface JudgeRequest {
  syntax: Syntax;
  profiles: readonly Profile[];
  xml: string;
}

export interface Finding {
  judge: string;
  /** Absent where the judge was asked and the document is its first finding. */
  fault?: { rule: string; fatal: boolean; text: string };
}

export interface Judge extends AsyncDisposable {
  judge(request: JudgeRequest): Promise<Finding[]>;
}

export type Answer = { findings: Finding[] } | { error: string };

/** One document at a time for each worker; the others wait in line. */
export const createJudge = (folder: string, threads = availableParallelism()): Judge => {
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('judge-worker.ts', import.meta.url), { workerData: { folder } }),
  );
  const idle = [...workers];
  const waiting: ((worker: Worker) => void)[] = [];

  const claim = (): Promise<Worker> => {
    const worker = idle.pop();
    return worker ? Promise.resolve(worker) : new Promise((resolve) => waiting.push(resolve));
  };
  const release = (worker: Worker): void => {
    const next = waiting.shift();
    if (next) next(worker);
    else idle.push(worker);
  };

  return {
    async judge(request) {
      const worker = await claim();
      try {
        const answer = await new Promise<Answer>((resolve, reject) => {
          worker.once('message', resolve);
          worker.once('error', reject);
          worker.postMessage(request, []); // transfers nothing
        });
        worker.removeAllListeners('error');
        if ('error' in answer) throw new Error(answer.error);
        return answer.findings;
      } finally {
        release(worker);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
};
