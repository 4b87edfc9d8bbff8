import { z } from 'zod';
import { code, country, freeText, label, several, vatId } from './fields.ts';

const MAX_IDENTIFIERS = 10;

/** `scheme` is an ISO 6523 ICD unless the field says otherwise. */
export const Identifier = z.strictObject({
  id: label(100),
  scheme: code(4).optional().describe('ISO 6523 ICD: 0088 is a GLN, 0060 a DUNS number'),
});

/** With a scheme of UNTDID 1153, for what an invoice or a line is about. */
export const InvoicedObject = z.strictObject({
  id: label(100),
  scheme: code(3).optional().describe('UNTDID 1153'),
});

export const Address = z.strictObject({
  line1: label(200).optional().describe('BT-35, BT-50, BT-64, BT-75: street and number'),
  line2: label(200).optional().describe('BT-36, BT-51, BT-65, BT-76'),
  line3: label(200).optional().describe('BT-162, BT-163, BT-164, BT-165'),
  city: label(100).optional().describe('BT-37, BT-52, BT-66, BT-77'),
  postCode: label(20).optional().describe('BT-38, BT-53, BT-67, BT-78'),
  subdivision: label(100).optional().describe('BT-39, BT-54, BT-68, BT-79: state, province or region'),
  country: country.describe('BT-40, BT-55, BT-69, BT-80: ISO 3166-1 alpha-2'),
});

const registration = {
  registrationId: label(60).optional().describe('BT-30, BT-47, BT-61: legal registration, such as a company number'),
  registrationScheme: code(4)
    .optional()
    .describe('its ISO 6523 ICD: 0002 SIREN, 0009 SIRET, 0208 Belgian enterprise number'),
};

export const Party = z.strictObject({
  name: label(200).describe('BT-27, BT-44'),
  tradingName: label(200).optional().describe('BT-28, BT-45'),
  identifiers: several(Identifier, MAX_IDENTIFIERS).optional().describe('BT-29; BT-46, of which there is one at most'),
  ...registration,
  vatId: vatId.optional().describe('BT-31, BT-48: with its country prefix'),
  taxNumber: label(60).optional().describe('BT-32, of sellers: local tax number'),
  legalInformation: freeText(1_000).optional().describe('BT-33, of sellers: legal form, share capital and the like'),
  electronicAddress: z
    .strictObject({
      id: label(254),
      scheme: code(4).describe('of the EAS list: 0088 GLN, 9930 German VAT id, EM e-mail'),
    })
    .optional()
    .describe('BT-34, BT-49: where electronic invoices arrive'),
  address: Address.describe('BG-5, BG-8'),
  contact: z
    .strictObject({
      name: label(100).optional().describe('BT-41, BT-56'),
      phone: label(50).optional().describe('BT-42, BT-57'),
      email: z.email('is no e-mail address').max(254).optional().describe('BT-43, BT-58'),
    })
    .optional()
    .describe('BG-6, BG-9'),
});

export const Payee = z.strictObject({
  name: label(200).describe('BT-59'),
  identifier: Identifier.optional().describe('BT-60'),
  ...registration,
});

export const TaxRepresentative = z.strictObject({
  name: label(200).describe('BT-62'),
  vatId: vatId.describe('BT-63'),
  address: Address.describe('BG-12'),
});
