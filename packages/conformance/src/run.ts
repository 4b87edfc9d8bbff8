import { compileRuleSets } from './artefacts.ts';
import { checkCreditNotes } from './credit-notes.ts';
import { checkGoldens } from './goldens.ts';
import { createJudge } from './judge.ts';
import type { Options } from './options.ts';
import { checkMutatedDrafts, checkValidDrafts, type Plan } from './random-invoices.ts';
import { createTally, type Tally } from './tally.ts';

/** A PDF takes as long as a hundred XML documents. */
const RENDER_EVERY = 50;
/** Invoices that are credited, among as many valid drafts; three or four credit notes come of each. */
const CREDIT_EVERY = 5;

type Say = (line: string) => void;

/** Everything, in this process and the judges' threads. */
export const runConformance = async (
  { runs, seed, artefacts, update }: Omit<Options, 'keep'>,
  say: Say,
): Promise<Tally> => {
  if (artefacts !== undefined) compileRuleSets(artefacts, say);
  await using judge = artefacts === undefined ? undefined : createJudge(artefacts);
  const workbench = { tally: createTally(), judge };
  const plan: Plan = { seed, runs, renderEvery: RENDER_EVERY };
  await checkGoldens(workbench, update);
  await checkValidDrafts(plan, workbench, eachTenth('Valid drafts', say));
  const credited: Plan = { seed, runs: Math.ceil(runs / CREDIT_EVERY), renderEvery: RENDER_EVERY / CREDIT_EVERY };
  await checkCreditNotes(credited, workbench, eachTenth('Invoices that are credited', say));
  await checkMutatedDrafts(plan, workbench, eachTenth('Drafts with a fault', say));
  return workbench.tally;
};

/** Progress, often enough to believe in it. */
const eachTenth = (label: string, say: Say) => {
  let said = -1;
  return (done: number, total: number) => {
    const tenth = Math.floor((done * 10) / Math.max(total, 1));
    if (tenth > said) say(`${label} ${done}/${total}`);
    said = Math.max(said, tenth);
  };
};
