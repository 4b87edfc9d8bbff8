/** The parts of CII that lines, parties and documents share. */
import type { Adjustment, DateString, Identifier, LineAdjustment, Period, TaxCategory } from '@invoicepress/invoice';
import { rateOf } from './derived.ts';
import { group, leaf, type Attributes, type Xml } from './writer.ts';

/** An entity of the library (ReusableAggregateBusinessInformationEntity) that holds a value. */
export const text = (name: string, value: string | undefined, attributes?: Attributes): Xml =>
  leaf(`ram:${name}`, value, attributes);

/** One that holds others. */
export const ram = (name: string, ...content: Xml[]): Xml => group(`ram:${name}`, ...content);

/** Dates are written YYYYMMDD, which UNTDID 2379 calls 102. */
const day = (type: string, value: DateString | undefined): Xml =>
  leaf(type, value?.replaceAll('-', ''), { format: '102' });

export const dateTime = (name: string, value: DateString | undefined): Xml =>
  ram(name, day('udt:DateTimeString', value));

export const date = (name: string, value: DateString | undefined): Xml => ram(name, day('udt:DateString', value));

export const formattedDateTime = (name: string, value: DateString | undefined): Xml =>
  ram(name, day('qdt:DateTimeString', value));

/** Identifiers of a scheme, and those without one, have elements of their own. */
export const globalOrLocalId = (value: Identifier | undefined): Xml =>
  value?.scheme ? text('GlobalID', value.id, { schemeID: value.scheme }) : text('ID', value?.id);

/** BG-14, BG-26. */
export const period = (value: Period | undefined): Xml =>
  ram(
    'BillingSpecifiedPeriod',
    dateTime('StartDateTime', value?.start), // BT-73, BT-134
    dateTime('EndDateTime', value?.end), // BT-74, BT-135
  );

/** BT-18, BT-128. */
export const invoicedObject = (value: Identifier | undefined): Xml =>
  value
    ? ram(
        'AdditionalReferencedDocument',
        text('IssuerAssignedID', value.id),
        text('TypeCode', '130'),
        text('ReferenceTypeCode', value.scheme),
      )
    : '';

/** BT-151 and BT-152, BT-95 and BT-96, BT-102 and BT-103. */
export const tradeTax = (name: string, category: TaxCategory, rate: string): Xml =>
  ram(
    name,
    text('TypeCode', 'VAT'),
    text('CategoryCode', category),
    text('RateApplicablePercent', rateOf(category, rate)),
  );

/** BG-20 and BG-27 allowances, BG-21 and BG-28 charges; those of a line have no category of their own. */
export const allowanceCharge = (isCharge: boolean, item: LineAdjustment & Partial<Adjustment>): Xml =>
  ram(
    'SpecifiedTradeAllowanceCharge',
    chargeIndicator(isCharge),
    text('CalculationPercent', item.percent), // BT-94, BT-101, BT-138, BT-143
    text('BasisAmount', item.baseAmount), // BT-93, BT-100, BT-137, BT-142
    text('ActualAmount', item.amount), // BT-92, BT-99, BT-136, BT-141
    text('ReasonCode', item.reasonCode), // BT-98, BT-105, BT-140, BT-145
    text('Reason', item.reason), // BT-97, BT-104, BT-139, BT-144
    item.taxCategory && item.taxRate ? tradeTax('CategoryTradeTax', item.taxCategory, item.taxRate) : '',
  );

export const chargeIndicator = (isCharge: boolean): Xml =>
  ram('ChargeIndicator', leaf('udt:Indicator', String(isCharge)));
