import type { Requirement } from './requirement.ts';
import type { FileRun } from './run-tests.ts';

export interface Verdict {
  requirement: Requirement;
  /** How many tests have proved it. */
  tests: number;
  /** Why it does not hold, as far as these tests go; none when it does. */
  faults: string[];
}

/** A requirement holds when every test that is named ran and passed: a test that is missing or skipped proves nothing. */
export const judge = (requirement: Requirement, runs: Map<string, FileRun>): Verdict => {
  const faults: string[] = [];
  let tests = 0;
  for (const { file, tests: names } of requirement.proofs) {
    const results = runs.get(file)?.results ?? [];
    for (const name of names) {
      const found = results.filter((result) =>
        typeof name === 'string' ? result.name === name : name.test(result.name),
      );
      if (found.length === 0) faults.push(`no test "${name}" has run in ${file}`);
      for (const { outcome, name: ran, error = '' } of found)
        if (outcome !== 'passed') faults.push(`${outcome}: "${ran}" in ${file} ${error}`.trimEnd());
      tests += found.length;
    }
  }
  return { requirement, tests, faults };
};
