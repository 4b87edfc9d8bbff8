/** The property tests: random drafts that should be valid, and random drafts with a fault. */
import { setImmediate } from 'node:timers/promises';
import { createRenderer, type Renderer } from '@invoicepress/documents';
import { findDifferences } from '@invoicepress/documents/consistency';
import { checkDraft, formats, type InvoiceDraft, type IssuedInvoice, type Profile } from '@invoicepress/invoice';
import fc from 'fast-check';
import { checkDocuments, issued, type Subject, type Workbench } from './documents.ts';
import { draftsFor, profileSets } from './generate/drafts.ts';
import { mutatedDraftsFor } from './generate/mutations.ts';
import { checkRefusal } from './refusals.ts';

export interface Plan {
  seed: number;
  /** Valid drafts, and as many with a fault. */
  runs: number;
  /** Every so many valid drafts, all formats are rendered, PDF included. */
  renderEvery: number;
}

/** Drafts judged at a time: enough for all threads, and little to lose when somebody interrupts. */
const BATCH = 40;

/** As many drafts as are wanted, an equal part for each set of profiles. */
export const deal = <T>({ seed, runs }: Plan, arbitrary: (profiles: readonly Profile[]) => fc.Arbitrary<T>) =>
  profileSets.flatMap((profiles, index) => {
    const numRuns = Math.floor((runs + profileSets.length - 1 - index) / profileSets.length);
    return numRuns === 0
      ? []
      : fc
          .sample(arbitrary(profiles), { seed: seed + index, numRuns })
          .map((item, i) => ({ item, name: `${profiles.join('+')} ${i}` }));
  });

export type ShowProgress = (done: number, total: number) => void;

export const inBatches = async <T>(
  items: readonly T[],
  each: (item: T, index: number) => Promise<void>,
  show: ShowProgress,
) => {
  for (let start = 0; start < items.length; start += BATCH) {
    show(start, items.length);
    await Promise.all(items.slice(start, start + BATCH).map((item, i) => each(item, start + i)));
    await setImmediate(); // a signal may be waiting
  }
  show(items.length, items.length);
};

/** What the generator makes is accepted, and what is accepted is valid in every format. */
export const checkValidDrafts = async (plan: Plan, workbench: Workbench, show: ShowProgress): Promise<void> => {
  const { tally } = workbench;
  const renderer = createRenderer();
  const check = async ({ item: draft, name }: { item: InvoiceDraft; name: string }, index: number) => {
    const subject: Subject = { name: `valid ${name}`, draft };
    tally.asked('Valid drafts accepted');
    const [refusal] = checkDraft(draft);
    if (refusal) {
      const { rule = 'ours', pointer } = refusal;
      const detail = `${pointer}: ${refusal.detail}`;
      return tally.failed({ check: 'Valid drafts accepted', rule, detail, subject: subject.name, draft });
    }
    const invoice = issued(draft);
    await checkDocuments(invoice, subject, workbench);
    if (index % plan.renderEvery === 0) await checkRendering(invoice, subject, workbench, renderer);
  };
  await inBatches(deal(plan, draftsFor), check, show);
};

/** All formats, as the worker renders them, state the same. */
export const checkRendering = async (
  invoice: IssuedInvoice,
  { name, draft }: Subject,
  { tally }: Workbench,
  renderer: Renderer,
) => {
  const check = 'PDF, Factur-X and JSON agree';
  tally.asked(check);
  try {
    const inAll = { ...invoice, formats: [...formats] };
    const documents = renderer.render(inAll);
    for (const _document of documents) tally.made();
    const differences = await findDifferences(documents, inAll);
    for (const detail of differences) tally.failed({ check, rule: 'BT-112', detail, subject: name, draft });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    tally.failed({ check, rule: 'render', detail, subject: name, draft });
  }
};

/** A fault is refused, or does no harm. */
export const checkMutatedDrafts = async (plan: Plan, workbench: Workbench, show: ShowProgress): Promise<void> => {
  const { tally } = workbench;
  await inBatches(
    deal(plan, mutatedDraftsFor),
    async ({ item: { mutation, draft }, name }) => {
      const subject: Subject = { name: `${mutation}: ${name}`, draft };
      const refusals = checkDraft(draft);
      if (refusals.length > 0) return checkRefusal(draft, refusals, subject, workbench);
      tally.asked('Faults that do no harm');
      await checkDocuments(issued(draft), subject, workbench);
    },
    show,
  );
};
