/** Credit notes over random invoices, derived as the API derives them, until nothing is left to be credited. */
import { createRenderer } from '@invoicepress/documents';
import {
  amountDecimals,
  checkDraft,
  creditableLines,
  draftCreditNote,
  partsOf,
  without,
  type CreditNoteRequest,
  type CreditParts,
  type CreditableLine,
  type IssuedInvoice,
  type Totals,
} from '@invoicepress/invoice';
import { checkDocuments, issued, type Subject, type Workbench } from './documents.ts';
import { thousandthsOf, units } from './exact.ts';
import { creditableDraftsFor, type Creditable, type Pick, type Step } from './generate/credits.ts';
import { checkRendering, deal, inBatches, type Plan, type ShowProgress } from './random-invoices.ts';

/** VAT is shared such that what is left bears its own: a credit note's is a cent off its product at most. */
const VAT_OFF = 1n;

const accepted = 'Credit notes accepted';

interface CreditNote {
  issued: IssuedInvoice;
  parts: CreditParts;
}

/** What is derived of a valid invoice is valid, and all of it comes to the invoice. */
export const checkCreditNotes = async (plan: Plan, workbench: Workbench, show: ShowProgress): Promise<void> => {
  const renderer = createRenderer();
  const check = async ({ item, name }: { item: Creditable; name: string }, index: number) => {
    const subject: Subject = { name: `credited ${name}`, draft: item };
    const invoice = issued(item.draft);
    const notes = creditAll(invoice, item.steps, subject, workbench);
    checkSums(invoice, notes, subject, workbench);
    for (const [i, note] of notes.entries()) {
      const each = { ...subject, name: `credit note ${i + 1} of ${subject.name}` };
      await checkDocuments(note.issued, each, workbench, VAT_OFF);
    }
    const last = notes.at(-1)?.issued;
    if (last && index % plan.renderEvery === 0) await checkRendering(last, subject, workbench, renderer);
  };
  await inBatches(deal(plan, creditableDraftsFor), check, show);
};

/** Follows the steps; the last of them has to be granted. */
const creditAll = (
  invoice: IssuedInvoice,
  steps: readonly Step[],
  { name, draft }: Subject,
  { tally }: Workbench,
): CreditNote[] => {
  const notes: CreditNote[] = [];
  for (const [i, { head, picks }] of steps.entries()) {
    const credited = notes.map(({ parts }) => parts);
    const open = creditableLines(invoice, without(partsOf(invoice), credited));
    if (open.length === 0 && notes.length > 0) break;
    const asksForAll = picks.length === 0 || open.length === 0;
    const lines = asksForAll ? {} : { lines: linesOf(picks, open, amountDecimals(invoice.currency)) };
    const outcome = draftCreditNote(invoice, credited, { ...head, ...lines });
    const found = 'faults' in outcome ? outcome.faults : checkDraft(outcome.draft);
    if (!asksForAll && found.every(isTooMuch) && found.length > 0) {
      tally.asked('Credit notes over too much');
      continue;
    }
    tally.asked(accepted);
    for (const fault of found) {
      const rule = ('rule' in fault ? fault.rule : undefined) ?? 'ours';
      const subject = `credit note ${i + 1} of ${name}`;
      tally.failed({ check: accepted, rule, detail: `${fault.pointer}: ${fault.detail}`, subject, draft });
    }
    if (!('faults' in outcome)) notes.push({ issued: issued(outcome.draft), parts: outcome.parts });
  }
  return notes;
};

/**
 * No line is asked for more than is left of it. But returns and allowances that reduce other lines cannot be left behind,
 * nor credited alone (BT-112 below zero).
 */
const isTooMuch = (fault: { pointer: string; exceeds?: boolean; term?: string }): boolean =>
  fault.pointer === '/lines' && (fault.exceeds === true || fault.term === 'BT-112');

const linesOf = (picks: readonly Pick[], open: readonly CreditableLine[], places: number) => {
  const requests = new Map<string, NonNullable<CreditNoteRequest['lines']>[number]>();
  for (const pick of picks) {
    const line = open[pick.line % open.length];
    if (line) requests.set(line.line, requestOf(pick, line, places));
  }
  return [...requests.values()];
};

/** What rounds to nothing asks for all that is left. */
const requestOf = ({ by, thousandths, places }: Pick, { line, quantity, netAmount }: CreditableLine, cents: number) => {
  if (by === 'quantity' && quantity !== undefined) {
    const some = thousandthsOf(quantity, thousandths, places);
    return units(some) === 0n ? { line } : { line, quantity: some };
  }
  const some = thousandthsOf(netAmount, thousandths, cents);
  return by === 'all that is left' || units(some) === 0n ? { line } : { line, amount: some };
};

const sums = ['taxExclusive', 'tax', 'taxInTaxCurrency', 'taxInclusive', 'prepaid', 'rounding', 'payable'] as const;

/** All credit notes together come to the invoice: in each total, and in each row of the VAT breakdown. */
const checkSums = (
  { totals }: IssuedInvoice,
  notes: readonly CreditNote[],
  { name, draft }: Subject,
  { tally }: Workbench,
): void => {
  const check = 'Credit notes come to the invoice';
  tally.asked(check);
  const compare = (what: string, of: (from: Totals) => string | undefined) => {
    const whole = of(totals) ?? '0';
    const parts = notes.map(({ issued: note }) => of(note.totals) ?? '0');
    if (parts.reduce((sum, each) => sum + units(each), 0n) === units(whole)) return;
    const detail = `${what}: ${parts.join(' + ')} is not ${whole}`;
    tally.failed({ check, rule: what, detail, subject: name, draft });
  };
  for (const sum of sums) compare(sum, (from) => from[sum]);
  for (const { category, rate } of totals.taxSubtotals) {
    const row = (from: Totals) => from.taxSubtotals.find((each) => each.category === category && each.rate === rate);
    compare(`taxable ${category}`, (from) => row(from)?.taxable);
    compare(`tax ${category}`, (from) => row(from)?.tax);
  }
};
