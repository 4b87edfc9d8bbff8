/** The checker, checked: it has to find what is broken on purpose. */
import { cellsFor } from './cells.ts';
import type { Options } from './options.ts';
import { runSchedule } from './run.ts';
import { makeSchedule } from './schedule.ts';
import { startSite, type Site } from './site.ts';
import { variants, type Variant } from './variants.ts';

/** Some defects show only when processes meet in a certain order, which a loaded machine may keep them from. */
const ATTEMPTS = 4;

export interface Verdict {
  variant: string;
  found: boolean;
  says: string;
}

/** Breaks one site in one way after the other, and looks whether the invariant that it breaks says so. */
export const findVariants = async (
  options: Options,
  say: (line: string) => void,
  interrupted: AbortSignal,
): Promise<Verdict[]> => {
  const verdicts: Verdict[] = [];
  await using site = await startSite(options);
  let loaded: string | undefined;
  for (const name of options.variants) {
    const variant = variants[name];
    if (!variant) continue;
    say(`${name}:`);
    const edited = variant.edits ? name : undefined;
    if (edited !== loaded) await startWorkersAnew(site, edited);
    loaded = edited;
    if (variant.sql) await site.audit.alter(variant.sql.breaks);
    const verdict = await convict(site, { ...options, rounds: variant.rounds ?? 1 }, variant, say, interrupted);
    if (variant.sql) await site.audit.alter(variant.sql.mends);
    verdicts.push({ variant: name, ...verdict });
  }
  return verdicts;
};

const convict = async (
  site: Site,
  options: Options,
  { cell, invariant }: Variant,
  say: (line: string) => void,
  interrupted: AbortSignal,
): Promise<Omit<Verdict, 'variant'>> => {
  const cells = cellsFor({ ...options, only: [cell] });
  for (let seed = options.seed; seed < options.seed + ATTEMPTS; seed++) {
    await wipeSite(site);
    const { ledger } = await runSchedule(site, options, makeSchedule({ ...options, seed }, cells), say, interrupted);
    const violation = ledger.violations.find((each) => each.invariant === invariant);
    if (violation) return { found: true, says: `found by ${invariant} with seed ${seed}: ${violation.what}` };
  }
  const seeds = `${options.seed} to ${options.seed + ATTEMPTS - 1}`;
  return { found: false, says: `not found by ${invariant} in ${cell}, with the seeds ${seeds}` };
};

const startWorkersAnew = async ({ workers }: Site, variant: string | undefined): Promise<void> => {
  for (const worker of workers) worker.become(variant === undefined ? {} : { CHAOS_VARIANT: variant });
  const ready = await Promise.all(workers.map((worker) => worker.ready()));
  if (ready.includes(false)) throw new Error('a worker did not start; see its log: --logs <folder>');
};

/** As if nothing had been submitted yet. */
const wipeSite = async ({ audit, objects, steps }: Site): Promise<void> => {
  await audit.forget();
  await objects.clear();
  steps.commits.clear();
};
