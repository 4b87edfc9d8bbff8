/** BG-25: a line of a CII invoice. */
import type { Line } from '@invoicepress/invoice';
import { allowanceCharge, chargeIndicator, invoicedObject, period, ram, text, tradeTax } from './cii-elements.ts';
import { grossPriceOf, priceBaseOf } from './derived.ts';
import { each, type Xml } from './writer.ts';

export const lineItem = (line: Line): Xml =>
  ram(
    'IncludedSupplyChainTradeLineItem',
    ram(
      'AssociatedDocumentLineDocument',
      text('LineID', line.id), // BT-126
      ram('IncludedNote', text('Content', line.note)), // BT-127
    ),
    product(line),
    ram(
      'SpecifiedLineTradeAgreement',
      ram('BuyerOrderReferencedDocument', text('LineID', line.orderLineReference)), // BT-132
      grossPrice(line),
      ram(
        'NetPriceProductTradePrice',
        text('ChargeAmount', line.unitPrice), // BT-146
        basisQuantity(line),
      ),
    ),
    ram('SpecifiedLineTradeDelivery', text('BilledQuantity', line.quantity, { unitCode: line.unit })), // BT-129, BT-130
    settlement(line),
  );

/** BG-31. */
const product = (line: Line): Xml =>
  ram(
    'SpecifiedTradeProduct',
    text('GlobalID', line.standardItemId?.id, { schemeID: line.standardItemId?.scheme }), // BT-157
    text('SellerAssignedID', line.sellerItemId), // BT-155
    text('BuyerAssignedID', line.buyerItemId), // BT-156
    text('Name', line.name), // BT-153
    text('Description', line.description), // BT-154
    each(line.attributes, ({ name, value }) =>
      ram('ApplicableProductCharacteristic', text('Description', name), text('Value', value)),
    ), // BG-32
    each(line.classifications, ({ code, scheme, version }) =>
      ram('DesignatedProductClassification', text('ClassCode', code, { listID: scheme, listVersionID: version })),
    ), // BT-158
    ram('OriginTradeCountry', text('ID', line.originCountry)), // BT-159
  );

/** BT-148 and BT-147. */
const grossPrice = (line: Line): Xml => {
  const gross = grossPriceOf(line);
  return gross
    ? ram(
        'GrossPriceProductTradePrice',
        text('ChargeAmount', gross.gross), // BT-148
        basisQuantity(line),
        ram(
          'AppliedTradeAllowanceCharge',
          chargeIndicator(false),
          text('ActualAmount', gross.discount), // BT-147
        ),
      )
    : '';
};

/** BT-149, BT-150. */
const basisQuantity = (line: Line): Xml => text('BasisQuantity', priceBaseOf(line), { unitCode: line.unit });

const settlement = (line: Line): Xml =>
  ram(
    'SpecifiedLineTradeSettlement',
    tradeTax('ApplicableTradeTax', line.taxCategory, line.taxRate), // BG-30
    period(line.period), // BG-26
    each(line.allowances, (item) => allowanceCharge(false, item)), // BG-27
    each(line.charges, (item) => allowanceCharge(true, item)), // BG-28
    ram('SpecifiedTradeSettlementLineMonetarySummation', text('LineTotalAmount', line.netAmount)), // BT-131
    invoicedObject(line.invoicedObject), // BT-128
    ram('ReceivableSpecifiedTradeAccountingAccount', text('ID', line.accountingReference)), // BT-133
  );
