import { decimal } from '../money.ts';
import { isCreditNote, type InvoiceDraft, type Note } from '../model.ts';
import { completeNote } from '../complete.ts';
import { franceParties } from './fr-ctc-parties.ts';
import type { Report, Rules, Subject } from './rule.ts';

/**
 * Rules of the French reform (XP Z12-012, "BR-FR") for what goes to an accredited platform. The official rule set calls
 * them warnings; a platform refuses what breaks them. Bills of several sellers (S8, B8, M8) cannot be said in EN 16931.
 */
const documentRules: Rules = (subject, report) => {
  const { draft, typeCode } = subject;
  if (draft.number !== undefined) numberRule(draft.number, 'BT-1', '/number', report);
  draft.precedingInvoices?.forEach(({ number }, i) =>
    numberRule(number, 'BT-25', `/precedingInvoices/${i}/number`, report),
  );
  dateRules(draft, report);
  if (!typeCodes.has(typeCode))
    report('BR-FR-04', 'BT-3', '/typeCode', `France takes ${[...typeCodes].join(', ')}, not ${typeCode}`);
  noteRules((draft.notes ?? []).map(completeNote), report);
  processRules(subject, report);
  referenceRules(subject, report);
  if (draft.currency !== 'EUR' && draft.taxCurrency?.currency !== 'EUR')
    report('BR-FR-CO-12', 'BT-6', '/taxCurrency', 'VAT is stated in euros too: give EUR and its rate');
  attachmentRules(draft, report);
};

const numberRule = (number: string, term: string, pointer: string, report: Report): void => {
  if (number.length > 35) report('BR-FR-01', term, pointer, 'a number has 35 characters at most');
  if (!/^[A-Za-z0-9+\-_/]+$/.test(number))
    report('BR-FR-02', term, pointer, 'a number is of letters, digits, "+", "-", "_" and "/"');
};

const dateRules = (draft: InvoiceDraft, report: Report): void => {
  const { precedingInvoices = [], delivery, period } = draft;
  const dates: [date: string | undefined, term: string, pointer: string][] = [
    [draft.issueDate, 'BT-2', '/issueDate'],
    [draft.taxPointDate, 'BT-7', '/taxPointDate'],
    [draft.dueDate, 'BT-9', '/dueDate'],
    [delivery?.date, 'BT-72', '/delivery/date'],
    [period?.start, 'BT-73', '/period/start'],
    [period?.end, 'BT-74', '/period/end'],
    ...precedingInvoices.map(({ issueDate }, i): [string | undefined, string, string] => [
      issueDate,
      'BT-26',
      `/precedingInvoices/${i}/issueDate`,
    ]),
    ...draft.lines.flatMap((line, i): [string | undefined, string, string][] => [
      [line.period?.start, 'BT-134', `/lines/${i}/period/start`],
      [line.period?.end, 'BT-135', `/lines/${i}/period/end`],
    ]),
  ];
  for (const [date, term, pointer] of dates) {
    if (date !== undefined && !date.startsWith('20')) report('BR-FR-03', term, pointer, 'a date lies in 2000 to 2099');
  }
};

const typeCodes: ReadonlySet<string> = new Set('380 389 393 386 384 261 381 396'.split(' '));

/** Notes that law demands, by subject; each once at most. */
const mandatoryNotes = {
  PMT: 'the fixed compensation for the costs of recovery',
  PMD: 'the penalties for late payment',
  AAB: 'the discount for early payment, or that there is none',
};
const treatments: ReadonlySet<string> = new Set(['B2B', 'B2BINT', 'B2C', 'OUTOFSCOPE', 'ARCHIVEONLY']);

const noteRules = (notes: Note[], report: Report): void => {
  const about = (subject: string) => notes.filter(({ subjectCode }) => subjectCode === subject);
  for (const [subject, what] of Object.entries(mandatoryNotes)) {
    if (about(subject).length === 0)
      report('BR-FR-05', 'BT-22', '/notes', `a note with subjectCode ${subject} states ${what}`);
  }
  for (const subject of [...Object.keys(mandatoryNotes), 'TXD']) {
    if (about(subject).length > 1) report('BR-FR-06', 'BT-21', '/notes', `one note at most has subjectCode ${subject}`);
  }
  const treated = about('BAR');
  if (!treated.every(({ text }) => treatments.has(text)))
    report('BR-FR-20', 'BT-22', '/notes', `a note with subjectCode BAR says one of ${[...treatments].join(', ')}`);
  if (treated.length > 1) report('BR-FR-30', 'BT-21', '/notes', 'one note at most has subjectCode BAR');
};

const processes: ReadonlySet<string> = new Set('B1 S1 M1 B2 S2 M2 S3 B4 S4 M4 S5 S6 B7 S7'.split(' '));

const processRules = ({ draft, typeCode, completed: { totals } }: Subject, report: Report): void => {
  const { businessProcess: process = '', dueDate, issueDate } = draft;
  const paid = ['B2', 'S2', 'M2'].includes(process);
  if (!processes.has(process)) {
    const detail = `one of ${[...processes].join(', ')}: B goods, S services, M both; 1 plain, 2 paid already, 4 final after a prepayment`;
    report('BR-FR-08', 'BT-23', '/businessProcess', detail);
  }
  if (dueDate !== undefined && issueDate !== undefined && dueDate < issueDate && typeCode !== '386' && !paid)
    report('BR-FR-CO-07', 'BT-9', '/dueDate', 'it is not due before it is issued');
  if (['B4', 'S4', 'M4'].includes(process) && typeCode === '386')
    report('BR-FR-CO-08', 'BT-23', '/businessProcess', `${process} is final; a prepayment (386) is not`);
  if (!paid) return;
  if (!decimal(totals.prepaid).eq(totals.taxInclusive) || !decimal(totals.payable).eq(0)) {
    const detail = `${process} is paid already: ${totals.taxInclusive} is prepaid, and nothing is payable`;
    report('BR-FR-CO-09', 'BT-113', '/prepaidAmount', detail);
  }
  if (dueDate === undefined) report('BR-FR-CO-09', 'BT-9', '/dueDate', `${process}: give the day on which it was paid`);
};

const referenceRules = ({ draft: { precedingInvoices = [] }, typeCode }: Subject, report: Report): void => {
  if (typeCode === '384' && precedingInvoices.length !== 1) {
    const detail = 'a corrected invoice (384) names one invoice, and when that was issued';
    report('BR-FR-CO-04', 'BG-3', '/precedingInvoices', detail);
  }
  if (isCreditNote(typeCode) && !precedingInvoices.some(({ issueDate }) => issueDate !== undefined)) {
    const detail = 'a credit note names an invoice, and when that was issued';
    report('BR-FR-CO-05', 'BG-3', '/precedingInvoices', detail);
  }
};

const descriptions: ReadonlySet<string> = new Set([
  'RIB',
  'LISIBLE',
  'FEUILLE_DE_STYLE',
  'PJA',
  'BORDEREAU_SUIVI',
  'DOCUMENT_ANNEXE',
  'BON_LIVRAISON',
  'BON_COMMANDE',
  'BORDEREAU_SUIVI_VALIDATION',
  'ETAT_ACOMPTE',
  'FACTURE_PAIEMENT_DIRECT',
]);

const attachmentRules = ({ attachments = [] }: InvoiceDraft, report: Report): void => {
  attachments.forEach(({ description }, i) => {
    if (description !== undefined && !descriptions.has(description))
      report('BR-FR-17', 'BT-123', `/attachments/${i}/description`, `one of ${[...descriptions].join(', ')}`);
  });
  if (attachments.filter(({ description }) => description === 'LISIBLE').length > 1)
    report('BR-FR-18', 'BT-123', '/attachments', 'one attachment at most is described as LISIBLE');
};

const rates: ReadonlySet<string> = new Set('0 10 13 20 8.5 19.6 2.1 5.5 7 20.6 1.05 0.9 1.75 9.2 9.6'.split(' '));

const taxRules: Rules = ({ draft, completed }, report) => {
  const places = [
    { items: completed.lines, place: 'lines', terms: ['BT-151', 'BT-152'] },
    { items: completed.allowances, place: 'allowances', terms: ['BT-95', 'BT-96'] },
    { items: completed.charges, place: 'charges', terms: ['BT-102', 'BT-103'] },
  ] as const;
  for (const { items, place, terms } of places) {
    items.forEach(({ taxCategory, taxRate }, i) => {
      if (taxCategory === 'L' || taxCategory === 'M')
        report('BR-FR-15', terms[0], `/${place}/${i}/taxCategory`, `category ${taxCategory} is of no use in France`);
      if (!rates.has(taxRate))
        report('BR-FR-16', terms[1], `/${place}/${i}/taxRate`, `France has no rate of ${taxRate} per cent`);
    });
  }
  draft.lines.forEach(({ quantity, priceBaseQuantity = '1' }, i) => {
    const detail = 'a quantity has four decimals at most';
    if (!/^-?\d+(\.\d{1,4})?$/.test(quantity)) report('BR-FR-DEC-02', 'BT-129', `/lines/${i}/quantity`, detail);
    if (!/^\d+(\.\d{1,4})?$/.test(priceBaseQuantity))
      report('BR-FR-DEC-02', 'BT-149', `/lines/${i}/priceBaseQuantity`, detail);
  });
};

export const frCtcRules: Rules[] = [documentRules, franceParties, taxRules];
