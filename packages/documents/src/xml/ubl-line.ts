/** BG-25: a line of a UBL invoice. */
import type { Line } from '@invoicepress/invoice';
import { grossPriceOf, priceBaseOf, rateOf } from './derived.ts';
import { allowanceCharge, amount, cac, cbc, identifier, period, taxCategory } from './ubl-elements.ts';
import { each, type Xml } from './writer.ts';

export const invoiceLine = (kind: 'Invoice' | 'CreditNote', line: Line, currency: string): Xml =>
  cac(
    `${kind}Line`,
    cbc('ID', line.id), // BT-126
    cbc('Note', line.note), // BT-127
    cbc(kind === 'Invoice' ? 'InvoicedQuantity' : 'CreditedQuantity', line.quantity, { unitCode: line.unit }), // BT-129, BT-130
    amount('LineExtensionAmount', line.netAmount, currency), // BT-131
    cbc('AccountingCost', line.accountingReference), // BT-133
    period(line.period), // BG-26
    cac('OrderLineReference', cbc('LineID', line.orderLineReference)), // BT-132
    invoicedObject(line),
    each(line.allowances, (item) => allowanceCharge(false, item, currency)), // BG-27
    each(line.charges, (item) => allowanceCharge(true, item, currency)), // BG-28
    item(line),
    price(line, currency),
  );

/** BT-128. */
const invoicedObject = ({ invoicedObject: object }: Line): Xml =>
  object ? cac('DocumentReference', identifier('ID', object), cbc('DocumentTypeCode', '130')) : '';

/** BG-31. */
const item = (line: Line): Xml =>
  cac(
    'Item',
    cbc('Description', line.description), // BT-154
    cbc('Name', line.name), // BT-153
    cac('BuyersItemIdentification', cbc('ID', line.buyerItemId)), // BT-156
    cac('SellersItemIdentification', cbc('ID', line.sellerItemId)), // BT-155
    cac('StandardItemIdentification', identifier('ID', line.standardItemId)), // BT-157
    cac('OriginCountry', cbc('IdentificationCode', line.originCountry)), // BT-159
    each(line.classifications, ({ code, scheme, version }) =>
      cac('CommodityClassification', cbc('ItemClassificationCode', code, { listID: scheme, listVersionID: version })),
    ), // BT-158
    taxCategory('ClassifiedTaxCategory', line.taxCategory, rateOf(line.taxCategory, line.taxRate)), // BG-30
    each(line.attributes, ({ name, value }) => cac('AdditionalItemProperty', cbc('Name', name), cbc('Value', value))), // BG-32
  );

/** BG-29. */
const price = (line: Line, currency: string): Xml => {
  const gross = grossPriceOf(line);
  return cac(
    'Price',
    amount('PriceAmount', line.unitPrice, currency), // BT-146
    cbc('BaseQuantity', priceBaseOf(line), { unitCode: line.unit }), // BT-149, BT-150
    gross
      ? cac(
          'AllowanceCharge',
          cbc('ChargeIndicator', 'false'),
          amount('Amount', gross.discount, currency), // BT-147
          amount('BaseAmount', gross.gross, currency), // BT-148
        )
      : '',
  );
};
