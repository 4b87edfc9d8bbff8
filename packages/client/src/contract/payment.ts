import { z } from 'zod';
import { bic, code, freeLabel, freeText, iban, label, several } from './fields.ts';

const MAX_MORE_ACCOUNTS = 10;

/** BG-17. */
export const account = {
  iban: iban.optional().describe('BT-84'),
  accountId: label(50).optional().describe('BT-84 where there is no IBAN: a local account number'),
  bic: bic.optional().describe('BT-86'),
  accountName: label(70).optional().describe('BT-85'),
};

/** BG-16. */
export const Payment = z.strictObject({
  ...account,
  meansCode: code(3)
    .optional()
    .describe(
      'BT-81, UNTDID 4461; by what is given when absent: 59 direct debit, 48 card, 58 SEPA transfer, 30 transfer',
    ),
  meansText: freeLabel(200).optional().describe('BT-82'),
  moreAccounts: several(z.strictObject(account), MAX_MORE_ACCOUNTS, 'accounts')
    .optional()
    .describe('BG-17: accounts besides the first'),
  card: z
    .strictObject({
      number: z
        .string()
        .regex(/^\d{4,6}$/, 'is not the last 4 to 6 digits of a card number; never send more')
        .describe('BT-87: the last 4 to 6 digits'),
      holder: label(100).optional().describe('BT-88'),
    })
    .optional()
    .describe('BG-18'),
  directDebit: z
    .strictObject({
      mandateId: label(35).describe('BT-89'),
      creditorId: label(35).describe('BT-90'),
      debitedIban: iban.describe('BT-91'),
    })
    .optional()
    .describe('BG-19'),
  reference: label(140).optional().describe('BT-83; the invoice number when absent'),
  terms: freeText(1_000).optional().describe('BT-20'),
});
