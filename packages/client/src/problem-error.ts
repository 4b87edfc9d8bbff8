import type { Problem } from './contract/index.ts';

/** The API refused: what, where and what to do stand in `problem` (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  constructor(problem: Problem) {
    const places = problem.errors?.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
    super(`${problem.title} (${problem.status}): ${problem.detail}${places ? ` [${places}]` : ''}`);
    this.problem = problem;
  }
}

/** The API could not be reached, or gave no usable answer, within all attempts. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Waiting ended before every invoice was settled. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';
}
