/**
 * Faults, one at a time, put into a draft that has none. Each changes something that the type of a draft allows; some do
 * no harm in some drafts, which is as well: what is then accepted has to be valid.
 */
import type {
  Attachment,
  DraftAdjustment,
  DraftLine,
  InvoiceDraft,
  Party,
  TaxCategory,
  TypeCode,
} from '@invoicepress/invoice';
import { drawn, type Draw } from './draw.ts';
import { drawDraft } from './drafts.ts';
import { dateOf } from './texts.ts';
import type { Profile } from '@invoicepress/invoice';

type Mutation = (draft: InvoiceDraft, draw: Draw) => void;

const anyLine = (draft: InvoiceDraft, draw: Draw): DraftLine => draw.pick(draft.lines);
const anyParty = (draft: InvoiceDraft, draw: Draw): Party => draw.pick([draft.seller, draft.buyer]);
const allowance = (draft: InvoiceDraft): DraftAdjustment => {
  const [line] = draft.lines;
  const { taxCategory, taxRate } = line ?? {};
  const added: DraftAdjustment = {
    reason: 'Rebate',
    amount: '0',
    ...(taxCategory && { taxCategory }),
    ...(taxRate && { taxRate }),
  };
  draft.allowances = [...(draft.allowances ?? []), added];
  return added;
};
const charge = (draft: InvoiceDraft): DraftAdjustment => {
  const added = allowance(draft);
  draft.allowances = draft.allowances?.filter((each) => each !== added) ?? [];
  if (draft.allowances.length === 0) delete draft.allowances;
  draft.charges = [...(draft.charges ?? []), added];
  return added;
};
const taxAll = (
  draft: InvoiceDraft,
  tax: { taxCategory: TaxCategory; taxRate?: string; taxExemptionReason?: string },
) => {
  for (const item of [...draft.lines, ...(draft.allowances ?? []), ...(draft.charges ?? [])]) {
    for (const name of ['taxRate', 'taxExemptionReason', 'taxExemptionCode'] as const) delete item[name];
    Object.assign(item, tax);
  }
};
const attach = (draft: InvoiceDraft, ...attachments: Attachment[]) => (draft.attachments = attachments);
const file = { name: 'a.pdf', mediaType: 'application/pdf', base64: 'QQ==' };

export const mutations: Readonly<Record<string, Mutation>> = {
  // Something is missing.
  'no VAT id of the seller': ({ seller }) => delete seller.vatId,
  'no tax number at all': ({ seller }) => (delete seller.vatId, delete seller.taxNumber),
  'a seller without identity': ({ seller }) => (
    delete seller.vatId,
    delete seller.taxNumber,
    delete seller.registrationId,
    delete seller.registrationScheme,
    delete seller.identifiers
  ),
  'no tax representative': (draft) => delete draft.taxRepresentative,
  'no VAT id of the buyer': ({ buyer }) => (
    delete buyer.vatId,
    delete buyer.registrationId,
    delete buyer.registrationScheme
  ),
  'no delivery': (draft) => (delete draft.delivery, delete draft.period),
  'no delivery date': (draft) => (delete draft.delivery?.date, delete draft.period),
  'no due date': (draft) => (delete draft.dueDate, delete draft.payment?.terms),
  'no payment': (draft) => delete draft.payment,
  'no account': (draft) => (draft.payment = { meansCode: '30' }),
  'no mandate': (draft) => (draft.payment = { meansCode: '59' }),
  'no card': (draft) => (draft.payment = { meansCode: '48' }),
  'no contact': ({ seller }) => delete seller.contact,
  'no telephone': ({ seller }) => delete seller.contact?.phone,
  'no e-mail': ({ seller }) => delete seller.contact?.email,
  'no buyer reference': (draft) => (delete draft.buyerReference, delete draft.orderReference),
  'no electronic address': (draft, draw) => delete anyParty(draft, draw).electronicAddress,
  'no city': (draft, draw) => delete anyParty(draft, draw).address.city,
  'no post code': (draft, draw) => delete anyParty(draft, draw).address.postCode,
  'no place of delivery': (draft) => (draft.delivery = { date: '2026-03-01', address: { country: 'AT' } }),
  'no notes': (draft) => delete draft.notes,
  'no preceding invoice': (draft) => delete draft.precedingInvoices,
  'no date of the preceding invoice': (draft) => (draft.precedingInvoices = [{ number: 'R-1' }]),
  'no reason of an allowance': (draft) => delete allowance(draft).reason,
  'no reason of a charge': (draft) => delete charge(draft).reason,
  'no reason of a line allowance': (draft, draw) => (anyLine(draft, draw).allowances = [{ amount: '0.00' }]),
  'no reason of a line charge': (draft, draw) => (anyLine(draft, draw).charges = [{ amount: '1' }]),
  'no reason of an exemption': (draft) => taxAll(draft, { taxCategory: 'E' }),
  'no SIREN': ({ seller }) => (seller.registrationId = '12'),

  // A code is wrong.
  'an unknown currency': (draft) => (draft.currency = 'XYZ'),
  'another currency': (draft, draw) => (draft.currency = draw.pick(['JPY', 'KWD', 'HUF', 'STN'])),
  'an unknown country': (draft, draw) => (anyParty(draft, draw).address.country = 'ZZ'),
  'another country': (draft, draw) =>
    (anyParty(draft, draw).address.country = draw.pick(['DK', 'NL', 'IT', 'SE', 'NO', 'GR', 'IS', 'DE'])),
  'an unknown unit': (draft, draw) => (anyLine(draft, draw).unit = 'PIECES'),
  'another type': (draft, draw) =>
    (draft.typeCode = draw.pick<TypeCode>(['381', '384', '389', '326', '383', '261', '877'])),
  'an unknown means of payment': (draft) => (draft.payment = { meansCode: '999' }),
  'an unknown allowance code': (draft) => Object.assign(allowance(draft), { reasonCode: '999' }),
  'an unknown charge code': (draft) => Object.assign(charge(draft), { reasonCode: '95' }),
  'an unknown scheme of an address': (draft, draw) =>
    (anyParty(draft, draw).electronicAddress = { id: '1', scheme: '9999' }),
  'an unknown scheme of an identifier': (draft, draw) =>
    (anyParty(draft, draw).identifiers = [{ id: '1', scheme: '9999' }]),
  'an unknown scheme of a registration': (draft, draw) =>
    Object.assign(anyParty(draft, draw), { registrationId: '1', registrationScheme: 'HRB' }),
  'an unknown scheme of an item': (draft, draw) => (anyLine(draft, draw).standardItemId = { id: '1', scheme: 'GTIN' }),
  'an unknown classification': (draft, draw) => (anyLine(draft, draw).classifications = [{ code: '1', scheme: 'XXX' }]),
  'an unknown exemption': (draft) => {
    taxAll(draft, { taxCategory: 'E' });
    for (const line of draft.lines) line.taxExemptionCode = 'VATEX-XX-1';
  },
  'an unknown note': (draft) => (draft.notes = [{ text: 'x', subjectCode: 'QQQ' }]),
  'an unknown media type': (draft) => attach(draft, { id: '1', file: { ...file, mediaType: 'text/html' } }),
  'an unknown tax point': (draft) => (delete draft.taxPointDate, (draft.taxPointDateCode = '99')),
  'an unknown VAT prefix': (draft, draw) => (anyParty(draft, draw).vatId = '99123456789'),
  'an unknown object scheme': (draft) => (draft.invoicedObject = { id: '1', scheme: '??' }),
  'an unknown origin': (draft, draw) => (anyLine(draft, draw).originCountry = 'UK'),
  'an unknown process': (draft) => (draft.businessProcess = 'urn:example:process'),
  'a wrong GLN': (draft, draw) => (anyParty(draft, draw).electronicAddress = { id: '4012345000008', scheme: '0088' }),
  'a wrong enterprise number': (draft, draw) =>
    (anyParty(draft, draw).electronicAddress = { id: '0123456789', scheme: '0208' }),
  'a wrong IBAN': (draft) => (draft.payment = { iban: 'DE02120300000000202052', meansCode: '58' }),

  // Sums and decimals.
  'a wrong claim': (draft) => (draft.totals = { payable: '1234567.89' }),
  'a wrong net amount': (draft, draw) => (anyLine(draft, draw).netAmount = '7654321.99'),
  'a wrong discount': (draft, draw) =>
    Object.assign(anyLine(draft, draw), { unitPrice: '5', grossPrice: '7', priceDiscount: '1' }),
  'a wrong percentage': (draft) => Object.assign(allowance(draft), { amount: '0', percent: '10', baseAmount: '100' }),
  'a percentage of nothing': (draft) => Object.assign(allowance(draft), { percent: '10' }),
  'a base without a percentage': (draft) => Object.assign(allowance(draft), { baseAmount: '10' }),
  'an allowance of no amount': (draft) => delete allowance(draft).amount,
  'a prepaid amount of three decimals': (draft) => (draft.prepaidAmount = '0.001'),
  'a rounding of three decimals': (draft) => (draft.roundingAmount = '0.005'),
  'an allowance of three decimals': (draft) => (allowance(draft).amount = '0.001'),
  'a base of three decimals': (draft) =>
    Object.assign(charge(draft), { amount: '0.10', percent: '10', baseAmount: '1.001' }),
  'a line charge of three decimals': (draft, draw) =>
    (anyLine(draft, draw).charges = [{ reason: 'x', amount: '0.125' }]),
  'more prepaid than due': (draft) => (draft.prepaidAmount = '99999999999'),
  'a return': (draft, draw) => (anyLine(draft, draw).quantity = '-1'),
  'a fraction of yen': (draft) => ((draft.currency = 'JPY'), (draft.prepaidAmount = '0.50')),

  // Taxes that do not go together.
  'a standard rate of 0': (draft, draw) => Object.assign(anyLine(draft, draw), { taxCategory: 'S', taxRate: '0' }),
  'a zero rate of 5': (draft, draw) => Object.assign(anyLine(draft, draw), { taxCategory: 'Z', taxRate: '5' }),
  'another category': (draft, draw) => {
    const taxCategory = draw.pick<TaxCategory>(['S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M']);
    taxAll(draft, { taxCategory, ...(taxCategory === 'S' && { taxRate: '20' }) });
  },
  'a category of one line': (draft, draw) =>
    (anyLine(draft, draw).taxCategory = draw.pick<TaxCategory>(['S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M'])),
  'a category of an allowance': (draft, draw) =>
    Object.assign(allowance(draft), {
      taxCategory: draw.pick(['Z', 'AE', 'K', 'G', 'O', 'L', 'M']),
      taxRate: draw.pick(['0', '7']),
    }),
  'a rate below a half': (draft, draw) => Object.assign(anyLine(draft, draw), { taxCategory: 'S', taxRate: '0.4' }),
  'an exemption that is taxed': (draft, draw) => (anyLine(draft, draw).taxExemptionReason = 'Why not'),
  'outside of VAT with a VAT id': (draft) => {
    taxAll(draft, { taxCategory: 'O' });
    draft.buyer.vatId = 'DE123456789';
  },
  'two exemptions': (draft) => {
    taxAll(draft, { taxCategory: 'E', taxExemptionReason: 'One' });
    draft.lines = [
      ...draft.lines,
      { name: 'x', quantity: '1', unitPrice: '1', taxCategory: 'E', taxExemptionReason: 'Another' },
    ];
  },
  'a second currency that is the first': (draft) => (draft.taxCurrency = { currency: draft.currency, rate: '1' }),

  // Dates, repetition, texts.
  'due before it is issued': (draft) => (draft.dueDate = '2026-01-01'),
  'a period that ends before it starts': (draft) => (draft.period = { start: dateOf(50), end: dateOf(49) }),
  'a line period that ends before it starts': (draft, draw) =>
    (anyLine(draft, draw).period = { start: dateOf(50), end: dateOf(49) }),
  'a line period outside of the period': (draft, draw) => {
    draft.period = { start: dateOf(50), end: dateOf(60) };
    anyLine(draft, draw).period = { start: dateOf(40), end: dateOf(70) };
  },
  'a tax point twice': (draft) => ((draft.taxPointDate = dateOf(60)), (draft.taxPointDateCode = '3')),
  'a file name twice': (draft) => attach(draft, { id: '1', file }, { id: '2', file }),
  'a line number twice': (draft) =>
    (draft.lines = [
      { id: '1', ...draft.lines[0] },
      { id: '1', ...draft.lines[0] },
    ] as DraftLine[]),
  'a payee who is the seller': (draft) => (draft.payee = { name: draft.seller.name }),
  'two identifiers of the buyer': ({ buyer }) => (buyer.identifiers = [{ id: '1' }, { id: '2' }]),
  'two notes': (draft) => (draft.notes = ['One', 'Two']),
  'two preceding invoices': (draft) => (draft.precedingInvoices = [{ number: 'R-1' }, { number: 'R-2' }]),
  'a long number': (draft) => (delete draft.series, (draft.number = 'R'.repeat(36))),
  'a number with spaces': (draft) => (delete draft.series, (draft.number = 'R 2026 #1')),
  'a discount that XRechnung cannot read': (draft) => (draft.payment = { ...draft.payment, terms: '#SKONTO#TAGE=x#' }),
  'characters that XML does not have': (draft, draw) => (anyLine(draft, draw).name = 'bell \u0007 and \ud800 half'),
};

export interface Mutated {
  mutation: string;
  draft: InvoiceDraft;
}

/** A valid draft with one fault. */
export const mutatedDraftsFor = (profiles: readonly Profile[]) =>
  drawn((draw): Mutated => {
    const mutation = draw.pick(Object.keys(mutations));
    const draft = drawDraft(draw, profiles);
    mutations[mutation]?.(draft, draw);
    return { mutation, draft };
  });
