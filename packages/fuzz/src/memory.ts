import { readFileSync } from 'node:fs';

const SAMPLE_MS = 250;

/** Resident memory of a process, sampled until disposed. Of nothing where there is no /proc. */
export const watchMemory = (pid: number | undefined): Disposable & { maxMb(): number } => {
  let max = 0;
  const sample = (): void => {
    try {
      const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      max = Math.max(max, Number(kilobytes ?? 0) / 1_024);
    } catch {
      // It has ended, which is found elsewhere.
    }
  };
  const timer = setInterval(sample, SAMPLE_MS);
  sample();
  return { maxMb: () => Math.round(max), [Symbol.dispose]: () => clearInterval(timer) };
};
