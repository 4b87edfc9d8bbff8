import { isCreditNote, type IssuedInvoice, type TaxRepresentative } from '@invoicepress/invoice';
import type { Format } from './format.ts';
import { labelled, type LabelledText } from './labelled.ts';
import type { Words } from './languages/index.ts';
import { addressLines, electronicAddressText, identifierText, registrationText, texts } from './parties.ts';

export interface HeadView {
  /** What a reader looks for first: the amount and when it is due. */
  highlights: LabelledText[];
  /** Beside the recipient. */
  details: LabelledText[];
  /** What would not fit there, in columns of about the same height. */
  references: LabelledText[][];
}

/** As many as stand beside the recipient without leaving a hole below the address. */
const maxDetails = 12;

/** Preceding invoices, each on a line of its own; more of them run on. */
const maxPreceding = 3;

export function headOf(invoice: IssuedInvoice, words: Words, format: Format): HeadView {
  const facts = labelled(...documentFacts(invoice, words, format), ...partyFacts(invoice, words, format)).map(
    ([label, text]): LabelledText => [label, format.verbatim(text)],
  );
  return {
    highlights: labelled(
      [amountLabel(invoice, words), format.money(invoice.totals.payable)],
      [words.dueDate, invoice.dueDate && format.date(invoice.dueDate)],
    ),
    details: facts.slice(0, maxDetails),
    references: inTwoColumns(facts.slice(maxDetails)),
  };
}

function inTwoColumns(facts: LabelledText[]): LabelledText[][] {
  const heights = facts.map(([, text]) => text.split('\n').length);
  const half = heights.reduce((sum, height) => sum + height, 0) / 2;
  let height = 0;
  const first = facts.filter((_, index) => (height += heights[index] ?? 0) - half <= (heights[index] ?? 0) / 2);
  return [first, facts.slice(first.length)].filter((column) => column.length > 0);
}

/** Money comes or goes. */
export const amountLabel = ({ typeCode }: IssuedInvoice, words: Words): string =>
  isCreditNote(typeCode) ? words.amountCredited : words.amountDue;

type Candidate = [label: string, text: string | undefined];

function documentFacts(invoice: IssuedInvoice, words: Words, format: Format): Candidate[] {
  const { delivery, period, invoicedObject, precedingInvoices = [] } = invoice;
  const date = (value: string | undefined) => value && format.date(value);
  const taxPointEvents: Readonly<Record<string, string>> = words.taxPointEvents;
  const [between, after] = precedingInvoices.length > maxPreceding ? [' ', ', '] : ['\n', '\n'];
  const preceding = precedingInvoices.map(({ number, issueDate }) => texts(number, date(issueDate)).join(between));
  return [
    [words.number, invoice.number],
    [words.issueDate, date(invoice.issueDate)],
    [words.deliveryDate, date(delivery?.date)],
    [words.period, period && format.dateRange(period.start, period.end)],
    [words.taxPoint, date(invoice.taxPointDate) ?? taxPointEvents[invoice.taxPointDateCode ?? '']],
    [words.orderReference, invoice.orderReference],
    [words.buyerReference, invoice.buyerReference],
    [words.contractReference, invoice.contractReference],
    [words.projectReference, invoice.projectReference],
    [words.precedingInvoice, preceding.join(after)],
    [words.salesOrderReference, invoice.salesOrderReference],
    [words.despatchAdvice, invoice.despatchAdviceReference],
    [words.receivingAdvice, invoice.receivingAdviceReference],
    [words.tenderReference, invoice.tenderReference],
    [words.invoicedObject, invoicedObject?.id],
    [words.accountingReference, invoice.accountingReference],
  ];
}

function partyFacts(invoice: IssuedInvoice, words: Words, format: Format): Candidate[] {
  const { buyer, seller, delivery, taxRepresentative } = invoice;
  const [buyerId] = buyer.identifiers ?? [];
  const supplierNumbers = (seller.identifiers ?? []).map(identifierText);
  return [
    [words.buyerVatId, buyer.vatId],
    [words.buyerTaxNumber, buyer.taxNumber],
    [words.buyerRegistrationId, registrationText(buyer)],
    [words.customerNumber, buyerId && identifierText(buyerId)],
    [words.supplierNumber, supplierNumbers.join('\n')],
    [words.buyerElectronicAddress, electronicAddressText(buyer, invoice.buyerReference)],
    [
      words.deliveredTo,
      texts(
        delivery?.name,
        ...(delivery?.address ? addressLines(delivery.address) : []),
        delivery?.location && identifierText(delivery.location),
      ).join('\n'),
    ],
    [words.taxRepresentative, taxRepresentative && taxRepresentativeText(taxRepresentative, words, format)],
  ];
}

const taxRepresentativeText = ({ name, vatId, address }: TaxRepresentative, words: Words, format: Format): string =>
  texts(name, ...addressLines(address), format.country(address.country), `${words.vatId} ${vatId}`).join('\n');
