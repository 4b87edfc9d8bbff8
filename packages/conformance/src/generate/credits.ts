/** An invoice, and what its issuer asks to have credited of it, one credit note after the other. */
import { isCreditable, type CreditNoteRequest, type InvoiceDraft, type Profile } from '@invoicepress/invoice';
import { drawn, given, type Draw } from './draw.ts';
import { drawDraft } from './drafts.ts';
import { dateOf, lastDay, prose } from './texts.ts';

/** Some of a line that is still open: the one at this place, counted round and round. */
export interface Pick {
  line: number;
  by: 'quantity' | 'amount' | 'all that is left';
  thousandths: number;
  /** Decimals of a quantity. */
  places: number;
}

/** One credit note. Without picks it asks for all that is left. */
export interface Step {
  head: Omit<CreditNoteRequest, 'lines'>;
  picks: readonly Pick[];
}

export interface Creditable {
  draft: InvoiceDraft;
  steps: readonly Step[];
}

export const creditableDraftsFor = (profiles: readonly Profile[]) =>
  drawn((draw): Creditable => {
    const draft = creditable(draw, profiles);
    const partial = draw.pick([0, 1, 1, 2, 3, 6]);
    return { draft, steps: Array.from({ length: partial + 1 }, (_, index) => step(draw, index + 1, index < partial)) };
  });

const creditable = (draw: Draw, profiles: readonly Profile[]): InvoiceDraft => {
  const draft = drawDraft(draw, profiles);
  return isCreditable(draft.typeCode ?? '380') ? draft : creditable(draw, profiles);
};

const step = (draw: Draw, ordinal: number, partial: boolean): Step => ({
  head: {
    number: `CN-${ordinal}`,
    issueDate: dateOf(lastDay + ordinal),
    ...given({
      reason: draw.maybe(50, () => prose(draw)),
      dueDate: draw.maybe(20, () => dateOf(lastDay + ordinal + draw.between(0, 30))),
    }),
  },
  picks: partial ? Array.from({ length: draw.between(1, 4) }, () => pick(draw)) : [],
});

const pick = (draw: Draw): Pick => ({
  line: draw.between(0, 500),
  by: draw.pick(['quantity', 'quantity', 'amount', 'amount', 'all that is left']),
  thousandths: draw.between(1, 1000),
  places: draw.pick([0, 0, 1, 3]),
});
