/** The parts of UBL that lines, parties and documents share. */
import type { Address, Identifier, Period, TaxCategory, Adjustment, LineAdjustment } from '@invoicepress/invoice';
import { rateOf } from './derived.ts';
import { group, leaf, type Attributes, type Xml } from './writer.ts';

/** A basic component: a value. */
export const cbc = (name: string, value: string | undefined, attributes?: Attributes): Xml =>
  leaf(`cbc:${name}`, value, attributes);

/** An aggregate component: other components. */
export const cac = (name: string, ...content: Xml[]): Xml => group(`cac:${name}`, ...content);

/** Every amount states its currency. */
export const amount = (name: string, value: string | undefined, currency: string): Xml =>
  cbc(name, value, { currencyID: currency });

export const identifier = (name: string, value: Identifier | undefined): Xml =>
  cbc(name, value?.id, { schemeID: value?.scheme });

/** BG-14 with BT-8, BG-26. */
export const period = (value: Period | undefined, taxPointDateCode?: string): Xml =>
  cac(
    'InvoicePeriod',
    cbc('StartDate', value?.start), // BT-73, BT-134
    cbc('EndDate', value?.end), // BT-74, BT-135
    cbc('DescriptionCode', taxPointDateCode), // BT-8
  );

/** BG-5, BG-8, BG-12, BG-15. */
export const address = (name: string, value: Address | undefined): Xml =>
  cac(
    name,
    cbc('StreetName', value?.line1), // BT-35, BT-50, BT-64, BT-75
    cbc('AdditionalStreetName', value?.line2), // BT-36, BT-51, BT-65, BT-76
    cbc('CityName', value?.city), // BT-37, BT-52, BT-66, BT-77
    cbc('PostalZone', value?.postCode), // BT-38, BT-53, BT-67, BT-78
    cbc('CountrySubentity', value?.subdivision), // BT-39, BT-54, BT-68, BT-79
    cac('AddressLine', cbc('Line', value?.line3)), // BT-162, BT-163, BT-164, BT-165
    cac('Country', cbc('IdentificationCode', value?.country)), // BT-40, BT-55, BT-69, BT-80
  );

export const vatScheme = cac('TaxScheme', cbc('ID', 'VAT'));

/** BT-151 and BT-152, BT-95 and BT-96, BT-102 and BT-103; in the breakdown BT-118 to BT-121. */
export const taxCategory = (
  name: 'TaxCategory' | 'ClassifiedTaxCategory',
  category: TaxCategory,
  rate: string | undefined,
  exemption: { exemptionCode?: string; exemptionReason?: string } = {},
): Xml =>
  cac(
    name,
    cbc('ID', category),
    cbc('Percent', rate),
    cbc('TaxExemptionReasonCode', exemption.exemptionCode), // BT-121
    cbc('TaxExemptionReason', exemption.exemptionReason), // BT-120
    vatScheme,
  );

/** BG-20 and BG-27 allowances, BG-21 and BG-28 charges; those of a line have no category of their own. */
export const allowanceCharge = (isCharge: boolean, item: LineAdjustment & Partial<Adjustment>, currency: string): Xml =>
  cac(
    'AllowanceCharge',
    cbc('ChargeIndicator', String(isCharge)),
    cbc('AllowanceChargeReasonCode', item.reasonCode), // BT-98, BT-105, BT-140, BT-145
    cbc('AllowanceChargeReason', item.reason), // BT-97, BT-104, BT-139, BT-144
    cbc('MultiplierFactorNumeric', item.percent), // BT-94, BT-101, BT-138, BT-143
    amount('Amount', item.amount, currency), // BT-92, BT-99, BT-136, BT-141
    amount('BaseAmount', item.baseAmount, currency), // BT-93, BT-100, BT-137, BT-142
    item.taxCategory && item.taxRate
      ? taxCategory('TaxCategory', item.taxCategory, rateOf(item.taxCategory, item.taxRate))
      : '',
  );
