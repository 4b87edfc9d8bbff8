/**
 * Random drafts that break no rule, by construction: what depends on something else is drawn after it. A draft of these
 * that `checkDraft` refuses is a disagreement to look at.
 */
import {
  formats,
  isCreditNote,
  paperSizes,
  type Attachment,
  type Format,
  type InvoiceDraft,
  type Note,
  type Profile,
} from '@invoicepress/invoice';
import { decimalOf, percentOf } from '../exact.ts';
import { drawn, given, type Draw } from './draw.ts';
import { drawBody, type Contribution } from './lines.ts';
import { buyer, otherParties, seller } from './parties.ts';
import { payment } from './payment.ts';
import { drawScene, type Scene } from './scene.ts';
import { dateOf, digits, prose, reference, text } from './texts.ts';

/** The profiles, alone and as they are combined. A document names one specification, so XRechnung and Peppol are not. */
export const profileSets: readonly (readonly Profile[])[] = [
  ['en16931'],
  ['xrechnung'],
  ['peppol'],
  ['facturx'],
  ['fr-ctc'],
  ['xrechnung', 'facturx'],
];

export const draftsFor = (profiles: readonly Profile[]) => drawn((draw) => drawDraft(draw, profiles));

export const drawDraft = (draw: Draw, profiles: readonly Profile[]): InvoiceDraft => {
  const scene = drawScene(draw, profiles);
  const { typeCode, currency, sellerCountry, asCii } = scene;
  const represented = !scene.taxed('O') && sellerCountry !== 'FR' && draw.chance(15);
  const { body, contributions } = drawBody(scene);
  return {
    ...(draw.chance(90) ? { number: `${reference(draw)}-${digits(draw, 4)}` } : { series: 'default' }),
    ...given({
      externalId: draw.maybe(10, () => reference(draw)),
      metadata: draw.maybe(10, () => ({ order: draw.between(1, 99), nested: { any: [null, 'thing'] } })),
      formats: draw.maybe(asCii ? 100 : 50, () =>
        formats.filter((format) => (isCii(format) ? asCii : draw.chance(60))),
      ),
      typeCode: draw.maybe(typeCode === '380' ? 50 : 100, () => typeCode),
      issueDate: dateOf(scene.issueDay),
      language: draw.maybe(70, () => draw.pick(['de', 'fr', 'en', 'pl', 'ar', 'ja', 'nl-BE'])),
      paperSize: draw.maybe(20, () => draw.pick(paperSizes)),
    }),
    profiles: [...profiles],
    currency,
    ...money(scene, contributions),
    ...dates(scene),
    ...references(scene),
    ...given({ notes: notes(scene), attachments: attachments(scene) }),
    seller: seller(scene, represented),
    buyer: buyer(scene),
    ...otherParties(scene, represented),
    ...body,
    ...given({ payment: draw.maybe(scene.germanRules ? 100 : 75, () => payment(scene)) }), // BR-DE-1
  };
};

const isCii = (format: Format) => format === 'cii' || format === 'facturx';

/** Prepaid and rounding leave nothing below zero to be paid (the system refuses that). */
const money = ({ draw, held, currency, places }: Scene, contributions: Contribution[]): Partial<InvoiceDraft> => {
  const inclusive = totalOf(contributions);
  const prepaid = draw.chance(25) ? (inclusive * BigInt(draw.pick([0, 30, 50, 100]))) / 100n : undefined;
  const open = inclusive - (prepaid ?? 0n);
  const rounding = BigInt(draw.between(-40, 40));
  return given({
    prepaidAmount: prepaid === undefined ? undefined : decimalOf(prepaid, places),
    roundingAmount: draw.maybe(15, () => decimalOf(open + rounding < 0n ? 0n : rounding, places)),
    // French VAT is stated in euros (BR-FR-CO-12).
    taxCurrency: draw.maybe(held('fr-ctc') && currency !== 'EUR' ? 100 : 12, () => ({
      currency: draw.pick(currency === 'EUR' ? ['CZK', 'HUF', 'USD', 'JPY'] : ['EUR']),
      rate: `${draw.between(0, 400)}.${draw.between(1, 999_999)}`,
    })),
  });
};

/** With VAT, rounded once per category and rate (BR-CO-17). */
const totalOf = (contributions: Contribution[]): bigint => {
  const groups = new Map<string, { rate: string; net: bigint }>();
  for (const { tax, net } of contributions) {
    const rate = tax.taxRate ?? '0';
    const key = `${tax.taxCategory ?? 'S'} ${Number(rate)}`;
    groups.set(key, { rate, net: (groups.get(key)?.net ?? 0n) + net });
  }
  return [...groups.values()].reduce((total, { rate, net }) => total + net + percentOf(net, rate), 0n);
};

const dates = ({ draw, issueDay }: Scene): Partial<InvoiceDraft> => ({
  dueDate: dateOf(issueDay + draw.between(0, 60)), // BR-CO-25, BR-FR-CO-07
  ...given({
    period: draw.maybe(25, () => ({ start: dateOf(issueDay - 31), ...(draw.chance(80) && { end: dateOf(issueDay) }) })),
  }),
  ...draw.maybe(20, () =>
    draw.chance(50) // one or the other: BR-CO-03
      ? { taxPointDate: dateOf(issueDay - draw.between(0, 20)) }
      : { taxPointDateCode: draw.pick(['3', '35', '432']) },
  ),
});

const references = (scene: Scene): Partial<InvoiceDraft> => {
  const { draw, held, typeCode } = scene;
  const some = (percent: number) => draw.maybe(percent, () => reference(draw));
  return given({
    buyerReference: held('xrechnung') || held('peppol') ? `04011000-${digits(draw, 5)}-06` : some(30), // BR-DE-15
    projectReference: some(12),
    contractReference: some(12),
    orderReference: some(25),
    salesOrderReference: some(12),
    receivingAdviceReference: some(12),
    despatchAdviceReference: some(12),
    tenderReference: some(12),
    accountingReference: some(12),
    invoicedObject: draw.maybe(12, () => ({ id: reference(draw), ...(draw.chance(50) && { scheme: 'AVE' }) })),
    businessProcess: businessProcess(scene),
    precedingInvoices: draw.maybe(typeCode === '384' || isCreditNote(typeCode) ? 100 : 12, () => {
      // BR-FR-CO-04; and XRechnung's CII is D16B, which has room for one.
      const single = (held('fr-ctc') && typeCode === '384') || (held('xrechnung') && scene.asCii);
      return Array.from({ length: single ? 1 : draw.between(1, 2) }, () => ({
        number: reference(draw),
        ...((held('fr-ctc') || draw.chance(60)) && { issueDate: dateOf(draw.between(0, 59)) }),
      }));
    }),
  });
};

const businessProcess = ({ draw, held }: Scene): string | undefined => {
  if (held('fr-ctc')) return draw.pick(['B1', 'S1', 'M1', 'S5', 'S6', 'B7', 'S7']); // BR-FR-08
  if (held('peppol')) return draw.maybe(30, () => 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0'); // R007
  return draw.maybe(20, () => text(draw));
};

const notes = ({ draw, held }: Scene): (string | Note)[] | undefined => {
  const note = (): string | Note =>
    draw.chance(60) ? prose(draw) : { text: prose(draw), subjectCode: draw.pick(['AAI', 'REG', 'SUR']) };
  if (held('fr-ctc')) {
    const demanded = ['PMT', 'PMD', 'AAB'].map((subjectCode) => ({ subjectCode, text: prose(draw) })); // BR-FR-05
    return [...demanded, ...(draw.chance(30) ? [note()] : [])];
  }
  return draw.maybe(30, () => Array.from({ length: held('peppol') ? 1 : draw.between(1, 3) }, note)); // R002
};

const mediaTypes = [
  'application/pdf',
  'image/png',
  'image/jpeg',
  'text/csv',
  'application/vnd.oasis.opendocument.spreadsheet',
];

const attachments = ({ draw, held }: Scene): Attachment[] | undefined => {
  const description = () => (held('fr-ctc') ? draw.pick(['RIB', 'PJA', 'BON_LIVRAISON']) : text(draw)); // BR-FR-17
  return draw.maybe(12, () =>
    Array.from({ length: draw.between(1, 2) }, (_, index) => ({
      id: reference(draw),
      ...given({ description: draw.maybe(60, description) }),
      ...draw.pick([{ url: 'https://example.com/a?b=1&c=ü' }, { file: file(draw, index) }]),
    })),
  );
};

const file = (draw: Draw, index: number) => ({
  name: `Anhang ${index + 1}.dat`, // unique: BR-DE-22
  mediaType: draw.pick(mediaTypes),
  base64: Buffer.from(digits(draw, draw.between(1, 60))).toString('base64'),
});
