import type { Step, StepName } from '@invoicepress/telemetry';

/** Which steps the processes have told of. */
export interface StepLog {
  note(member: string, step: Step): void;
  /** Resolves at the next such step, of any process. */
  next(step: StepName, signal: AbortSignal): Promise<boolean>;
  /** Commits by invoice: the epochs of the attempts that made it ready. */
  commits: Map<string, number[]>;
}

export const createStepLog = (): StepLog => {
  const commits = new Map<string, number[]>();
  const waiting = new Map<StepName, (() => void)[]>();
  return {
    commits,
    note: (_member, { step, invoiceId, epoch }) => {
      for (const wake of waiting.get(step) ?? []) wake();
      waiting.delete(step);
      if (step !== 'completed' || invoiceId === undefined || epoch === undefined) return;
      commits.set(invoiceId, [...(commits.get(invoiceId) ?? []), epoch]);
    },
    next: (step, signal) =>
      new Promise((resolve) => {
        waiting.set(step, [...(waiting.get(step) ?? []), () => resolve(true)]);
        signal.addEventListener('abort', () => resolve(false), { once: true });
      }),
  };
};
