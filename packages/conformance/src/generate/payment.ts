import { isCreditNote, type Account, type Payment } from '@invoicepress/invoice';
import { given, type Draw } from './draw.ts';
import { iban } from './identifiers.ts';
import type { Scene } from './scene.ts';
import { digits, prose, reference, text } from './texts.ts';

const account = (draw: Draw): Account => ({
  ...(draw.chance(80) ? { iban: iban(draw) } : { accountId: digits(draw, 10) }),
  ...given({
    bic: draw.maybe(40, () => draw.pick(['COBADEFFXXX', 'BNPAFRPP'])),
    accountName: draw.maybe(40, () => text(draw)),
  }),
});

/** A means of payment brings what belongs to it, and nothing of another (BR-61, BR-DE-23 to BR-DE-25). */
const means = (draw: Draw, creditNote: boolean): Payment => {
  switch (draw.pick(['transfer', 'transfer', 'sepa', 'card', 'debit', 'cash'] as const)) {
    case 'transfer':
      return {
        ...account(draw),
        ...given({
          meansCode: draw.maybe(60, () => '30'),
          moreAccounts: draw.maybe(15, () => Array.from({ length: draw.between(1, 2) }, () => account(draw))),
        }),
      };
    case 'sepa':
      return { iban: iban(draw), ...(!creditNote && draw.chance(50) && { meansCode: '58' }) };
    case 'card':
      return {
        card: { number: digits(draw, draw.between(4, 6)), ...given({ holder: draw.maybe(50, () => text(draw)) }) },
        ...(draw.chance(50) && { meansCode: draw.pick(['48', '54']) }),
      };
    case 'debit':
      return {
        directDebit: { mandateId: reference(draw), creditorId: 'DE98ZZZ09999999999', debitedIban: iban(draw) },
        ...(draw.chance(50) && { meansCode: '59' }),
      };
    case 'cash':
      return { meansCode: draw.pick(['10', '1', '97']) };
  }
};

export const payment = ({ draw, typeCode }: Scene): Payment => ({
  ...means(draw, isCreditNote(typeCode)),
  ...given({
    meansText: draw.maybe(20, () => text(draw)),
    reference: draw.maybe(40, () => reference(draw)),
    terms: draw.maybe(40, () => prose(draw)),
  }),
});
