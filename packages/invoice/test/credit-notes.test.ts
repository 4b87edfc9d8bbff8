import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkDraft,
  draftCreditNote,
  issueInvoice,
  type CreditParts,
  type InvoiceDraft,
  type Profile,
} from '@invoicepress/invoice';
import { aDraft, aLine } from './a-draft.ts';

/** Issues credit notes one after the other, and shows of each what the test is about. */
const inTurn = (draft: InvoiceDraft, requests: Parameters<typeof draftCreditNote>[2][]) => {
  const invoice = issueInvoice(draft, 'R-1', '2026-03-02');
  const credited: CreditParts[] = [];
  return requests.map((request) => {
    const outcome = draftCreditNote(invoice, credited, { number: 'C-1', ...request });
    assert.ok('draft' in outcome, JSON.stringify(outcome));
    assert.deepEqual(checkDraft(outcome.draft), []);
    credited.push(outcome.parts);
    return issueInvoice(outcome.draft, 'C-1', '2026-03-03');
  });
};

test('a third that does not come out even is priced for its quantity, and the thirds are the whole', () => {
  const lines = [aLine({ quantity: '3', unitPrice: '33.333333' })];
  const notes = inTurn(aDraft({ lines }), [
    { lines: [{ line: '1', quantity: '1' }] },
    { lines: [{ line: '1', quantity: '1' }] },
    {},
  ]);
  assert.deepEqual(
    notes.map((note) =>
      note.lines.map(({ unitPrice, priceBaseQuantity, netAmount }) => [unitPrice, priceBaseQuantity, netAmount]),
    ),
    [[['33.333333', '1', '33.33']], [['33.34', '1', '33.34']], [['33.333333', '1', '33.33']]],
  );
});

test('VAT that was rounded away is made up for by the next credit note', () => {
  const lines = [aLine({ quantity: '3', unitPrice: '0.10', taxRate: '7' })]; // 0.30, VAT 0.02
  const notes = inTurn(
    aDraft({ lines }),
    Array.from({ length: 3 }, () => ({ lines: [{ line: '1', quantity: '1' }] })),
  );
  assert.deepEqual(
    notes.map(({ totals }) => totals.tax),
    ['0.01', '0.00', '0.01'],
  );
});

test('a discount of the document follows the lines of its VAT category, freight of a category without lines all lines', () => {
  const draft = aDraft({
    lines: [aLine({ quantity: '1', unitPrice: '100.00' }), aLine({ quantity: '1', unitPrice: '100.00', taxRate: '7' })],
    allowances: [{ reason: 'Discount', baseAmount: '100.00', percent: '10', taxRate: '7' }],
    charges: [{ reason: 'Insurance', amount: '5.00', taxCategory: 'E', taxExemptionReason: 'Insurance' }],
  });
  const [first, second] = inTurn(draft, [
    { lines: [{ line: '1', quantity: '1' }] },
    { lines: [{ line: '2', quantity: '0.5' }] },
  ]);
  assert.deepEqual([first?.allowances, first?.charges.map(({ amount }) => amount)], [[], ['2.50']]);
  assert.deepEqual(second?.allowances, [{ reason: 'Discount', amount: '5.00', taxCategory: 'S', taxRate: '7' }]);
  assert.deepEqual(
    second?.charges.map(({ amount }) => amount),
    ['1.25'],
  );
});

test('what is payable follows the total: a prepaid amount is credited in its proportion', () => {
  const lines = [aLine({ quantity: '2', unitPrice: '50.00' })]; // 119.00
  const [half] = inTurn(aDraft({ lines, prepaidAmount: '19.00' }), [{ lines: [{ line: '1', quantity: '1' }] }]);
  assert.deepEqual([half?.totals.taxInclusive, half?.totals.prepaid, half?.totals.payable], ['59.50', '9.50', '50.00']);
});

test('self-billed and factored invoices are credited by types of their own', () => {
  const types = (['380', '384', '389', '393'] as const).map(
    (typeCode) => inTurn(aDraft({ typeCode }), [{}])[0]?.typeCode,
  );
  assert.deepEqual(types, ['381', '381', '261', '396']);
});

test('XRechnung has no type for self-billed credit notes: theirs is 381 (BR-DE-17)', () => {
  const invoice = issueInvoice(aDraft({ typeCode: '389', profiles: ['xrechnung'] }), 'R-1', '2026-03-02');
  const outcome = draftCreditNote(invoice, [], { number: 'C-1' });
  assert.ok('draft' in outcome);
  assert.equal(outcome.draft.typeCode, '381');
});

test('Peppol carries one note, so the reason joins the one that law asks for (PEPPOL-EN16931-R002)', () => {
  const notes = [{ text: 'Agreed rebates apply.', subjectCode: 'AAB' }, 'Thank you.'];
  const noted = (profiles: Profile[]) => {
    const invoice = issueInvoice(aDraft({ notes, profiles }), 'R-1', '2026-03-02');
    const outcome = draftCreditNote(invoice, [], { number: 'C-1', reason: 'Returned.' });
    assert.ok('draft' in outcome);
    return outcome.draft.notes;
  };
  assert.deepEqual(noted(['peppol']), [{ text: 'Agreed rebates apply.\nReturned.', subjectCode: 'AAB' }]);
  assert.deepEqual(noted(['en16931']), ['Returned.', notes[0]]);
});

test('without decimals a price is stated that comes to the amount, as Peppol asks (PEPPOL-EN16931-R120)', () => {
  const lines = [aLine({ quantity: '2', unitPrice: '555' })];
  const [part] = inTurn(aDraft({ currency: 'ISK', lines }), [{ lines: [{ line: '1', quantity: '0.7' }] }]);
  const { unitPrice, priceBaseQuantity, netAmount } = part?.lines[0] ?? {};
  assert.deepEqual([unitPrice, priceBaseQuantity, netAmount], ['389', '0.7', '389']); // 388.5
});
