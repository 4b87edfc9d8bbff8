/** The lines of a CII invoice (BG-25), and what they share with the document. */
import { number, type Carried } from './carried.ts';
import { all, first, textAt, type Element } from './tree.ts';

/** Of format 102, "20260302". */
export const date = (from: Element | undefined, path: string): string | undefined =>
  first(from, path)?.children[0]?.text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');

export const period = (from: Element | undefined): Carried => ({
  start: date(from, 'BillingSpecifiedPeriod/StartDateTime'),
  end: date(from, 'BillingSpecifiedPeriod/EndDateTime'),
});

export const invoicedObject = (document: Element | undefined): Carried => ({
  id: textAt(document, 'IssuerAssignedID'),
  scheme: textAt(document, 'ReferenceTypeCode'),
});

export const identifier = (element: Element): Carried => ({ id: element.text, scheme: element.attributes['schemeID'] });

export const adjustments = (element: Element | undefined): { allowances: Carried; charges: Carried } => {
  const of = (indicator: string) =>
    all(element, 'SpecifiedTradeAllowanceCharge')
      .filter((each) => textAt(each, 'ChargeIndicator/Indicator') === indicator)
      .map((each) => ({
        reason: textAt(each, 'Reason'),
        reasonCode: textAt(each, 'ReasonCode'),
        amount: number(textAt(each, 'ActualAmount')),
        baseAmount: number(textAt(each, 'BasisAmount')),
        percent: number(textAt(each, 'CalculationPercent')),
        taxCategory: textAt(each, 'CategoryTradeTax/CategoryCode'),
        taxRate: number(textAt(each, 'CategoryTradeTax/RateApplicablePercent')),
      }));
  return { allowances: of('false'), charges: of('true') };
};

export const line = (element: Element): Carried => {
  const product = first(element, 'SpecifiedTradeProduct');
  const agreement = first(element, 'SpecifiedLineTradeAgreement');
  const settlement = first(element, 'SpecifiedLineTradeSettlement');
  const quantity = first(element, 'SpecifiedLineTradeDelivery/BilledQuantity');
  const standardId = first(product, 'GlobalID');
  return {
    id: textAt(element, 'AssociatedDocumentLineDocument/LineID'),
    note: textAt(element, 'AssociatedDocumentLineDocument/IncludedNote/Content'),
    name: textAt(product, 'Name'),
    description: textAt(product, 'Description'),
    sellerItemId: textAt(product, 'SellerAssignedID'),
    buyerItemId: textAt(product, 'BuyerAssignedID'),
    standardItemId: standardId && identifier(standardId),
    classifications: all(product, 'DesignatedProductClassification/ClassCode').map(({ text, attributes }) => ({
      code: text,
      scheme: attributes['listID'],
      version: attributes['listVersionID'],
    })),
    originCountry: textAt(product, 'OriginTradeCountry/ID'),
    attributes: all(product, 'ApplicableProductCharacteristic').map((each) => ({
      name: textAt(each, 'Description'),
      value: textAt(each, 'Value'),
    })),
    orderLineReference: textAt(agreement, 'BuyerOrderReferencedDocument/LineID'),
    grossPrice: number(textAt(agreement, 'GrossPriceProductTradePrice/ChargeAmount')),
    priceDiscount: number(textAt(agreement, 'GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/ActualAmount')),
    unitPrice: number(textAt(agreement, 'NetPriceProductTradePrice/ChargeAmount')),
    priceBaseQuantity: number(textAt(agreement, 'NetPriceProductTradePrice/BasisQuantity')) ?? '1',
    quantity: number(quantity?.text),
    unit: quantity?.attributes['unitCode'],
    taxCategory: textAt(settlement, 'ApplicableTradeTax/CategoryCode'),
    taxRate: number(textAt(settlement, 'ApplicableTradeTax/RateApplicablePercent')),
    period: period(settlement),
    ...adjustments(settlement),
    netAmount: number(textAt(settlement, 'SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount')),
    invoicedObject: invoicedObject(first(settlement, 'AdditionalReferencedDocument')),
    accountingReference: textAt(settlement, 'ReceivableSpecifiedTradeAccountingAccount/ID'),
  };
};
