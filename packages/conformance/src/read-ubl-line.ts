/** The lines of a UBL invoice (BG-25), and what they share with the document. */
import { number, type Carried } from './carried.ts';
import { all, first, textAt, type Element } from './tree.ts';

export const identifier = (element: Element | undefined): Carried =>
  element && { id: element.text, scheme: element.attributes['schemeID'] };

export const period = (element: Element | undefined): Carried => ({
  start: textAt(element, 'StartDate'),
  end: textAt(element, 'EndDate'),
});

export const adjustments = (element: Element): { allowances: Carried; charges: Carried } => {
  const of = (indicator: string) =>
    all(element, 'AllowanceCharge')
      .filter((each) => textAt(each, 'ChargeIndicator') === indicator)
      .map((each) => ({
        reason: textAt(each, 'AllowanceChargeReason'),
        reasonCode: textAt(each, 'AllowanceChargeReasonCode'),
        amount: number(textAt(each, 'Amount')),
        baseAmount: number(textAt(each, 'BaseAmount')),
        percent: number(textAt(each, 'MultiplierFactorNumeric')),
        taxCategory: textAt(each, 'TaxCategory/ID'),
        taxRate: number(textAt(each, 'TaxCategory/Percent')),
      }));
  return { allowances: of('false'), charges: of('true') };
};

export const line = (element: Element): Carried => {
  const at = (path: string) => textAt(element, path);
  const quantity = first(element, 'InvoicedQuantity') ?? first(element, 'CreditedQuantity');
  return {
    id: at('ID'),
    name: at('Item/Name'),
    description: at('Item/Description'),
    note: at('Note'),
    invoicedObject: identifier(first(element, 'DocumentReference/ID')),
    orderLineReference: at('OrderLineReference/LineID'),
    accountingReference: at('AccountingCost'),
    period: period(first(element, 'InvoicePeriod')),
    sellerItemId: at('Item/SellersItemIdentification/ID'),
    buyerItemId: at('Item/BuyersItemIdentification/ID'),
    standardItemId: identifier(first(element, 'Item/StandardItemIdentification/ID')),
    classifications: all(element, 'Item/CommodityClassification/ItemClassificationCode').map(
      ({ text, attributes }) => ({
        code: text,
        scheme: attributes['listID'],
        version: attributes['listVersionID'],
      }),
    ),
    originCountry: at('Item/OriginCountry/IdentificationCode'),
    attributes: all(element, 'Item/AdditionalItemProperty').map((each) => ({
      name: textAt(each, 'Name'),
      value: textAt(each, 'Value'),
    })),
    quantity: number(quantity?.text),
    unit: quantity?.attributes['unitCode'],
    unitPrice: number(at('Price/PriceAmount')),
    grossPrice: number(at('Price/AllowanceCharge/BaseAmount')),
    priceDiscount: number(at('Price/AllowanceCharge/Amount')),
    priceBaseQuantity: number(at('Price/BaseQuantity')) ?? '1',
    ...adjustments(element),
    taxCategory: at('Item/ClassifiedTaxCategory/ID'),
    taxRate: number(at('Item/ClassifiedTaxCategory/Percent')),
    netAmount: number(at('LineExtensionAmount')),
  };
};
