/** Where each business term of EN 16931 stands in either syntax (CEN/TS 16931-3-2 and 16931-3-3). */
export interface Term {
  term: string;
  /** As `readXml` takes it. */
  ubl: string;
  cii: string;
  /** What stands there in `aMaximalInvoice`; in CII dates have no hyphens. */
  value: string;
}

const agreement = 'SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement';
const delivery = 'SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery';
const settlement = 'SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement';
const line = 'SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem[1]';

const documentTable = `
  BT-1   | ID | ExchangedDocument/ID
  BT-2   | IssueDate | ExchangedDocument/IssueDateTime/udt:DateTimeString[@format=102] | 2026-11-22
  BT-3   | InvoiceTypeCode | ExchangedDocument/TypeCode | 380
  BT-5   | DocumentCurrencyCode | ${settlement}/InvoiceCurrencyCode | EUR
  BT-6   | TaxCurrencyCode | ${settlement}/TaxCurrencyCode | PLN
  BT-7   | TaxPointDate | ${settlement}/ApplicableTradeTax/TaxPointDate/udt:DateString[@format=102] | 2026-11-21
  BT-9   | DueDate | ${settlement}/SpecifiedTradePaymentTerms/DueDateDateTime/udt:DateTimeString | 2026-12-22
  BT-10  | BuyerReference | ${agreement}/BuyerReference
  BT-11  | ProjectReference/ID | ${agreement}/SpecifiedProcuringProject/ID
  BT-12  | ContractDocumentReference/ID | ${agreement}/ContractReferencedDocument/IssuerAssignedID
  BT-13  | OrderReference/ID | ${agreement}/BuyerOrderReferencedDocument/IssuerAssignedID
  BT-14  | OrderReference/SalesOrderID | ${agreement}/SellerOrderReferencedDocument/IssuerAssignedID
  BT-15  | ReceiptDocumentReference/ID | ${delivery}/ReceivingAdviceReferencedDocument/IssuerAssignedID
  BT-16  | DespatchDocumentReference/ID | ${delivery}/DespatchAdviceReferencedDocument/IssuerAssignedID
  BT-17  | OriginatorDocumentReference/ID | ${agreement}/AdditionalReferencedDocument[ram:TypeCode=50]/IssuerAssignedID
  BT-18  | AdditionalDocumentReference[cbc:DocumentTypeCode=130]/ID | ${agreement}/AdditionalReferencedDocument[ram:TypeCode=130]/IssuerAssignedID
  BT-18-1 | AdditionalDocumentReference/ID/@schemeID | ${agreement}/AdditionalReferencedDocument/ReferenceTypeCode | AVE
  BT-19  | AccountingCost | ${settlement}/ReceivableSpecifiedTradeAccountingAccount/ID
  BT-20  | PaymentTerms/Note | ${settlement}/SpecifiedTradePaymentTerms/Description
  BT-21  | Note[starts-with(.,'#AAI#')] | ExchangedDocument/IncludedNote[ram:SubjectCode='AAI']/Content | #AAI#BT-22
  BT-22  | Note[2] | ExchangedDocument/IncludedNote[2]/Content | BT-22, plain
  BT-23  | ProfileID | ExchangedDocumentContext/BusinessProcessSpecifiedDocumentContextParameter/ID | urn:fdc:peppol.eu:2017:poacc:billing:01:1.0
  BT-24  | CustomizationID | ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID | urn:cen.eu:en16931:2017
  BT-25  | BillingReference/InvoiceDocumentReference/ID | ${settlement}/InvoiceReferencedDocument/IssuerAssignedID
  BT-26  | BillingReference/InvoiceDocumentReference/IssueDate | ${settlement}/InvoiceReferencedDocument/FormattedIssueDateTime/qdt:DateTimeString | 2026-10-01
  BT-72  | Delivery/ActualDeliveryDate | ${delivery}/ActualDeliverySupplyChainEvent/OccurrenceDateTime/udt:DateTimeString | 2026-11-20
  BT-73  | InvoicePeriod/StartDate | ${settlement}/BillingSpecifiedPeriod/StartDateTime/udt:DateTimeString | 2026-11-01
  BT-74  | InvoicePeriod/EndDate | ${settlement}/BillingSpecifiedPeriod/EndDateTime/udt:DateTimeString | 2026-11-30
`;

const seller = 'AccountingSupplierParty/Party';
const buyer = 'AccountingCustomerParty/Party';
const ciiSeller = `${agreement}/SellerTradeParty`;
const ciiBuyer = `${agreement}/BuyerTradeParty`;
const ciiPayee = `${settlement}/PayeeTradeParty`;
const representative = `${agreement}/SellerTaxRepresentativeTradeParty`;
const shipTo = `${delivery}/ShipToTradeParty`;

const addressTable = (ubl: string, cii: string, terms: readonly string[], country: string) => `
  ${terms[0]} | ${ubl}/StreetName | ${cii}/PostalTradeAddress/LineOne
  ${terms[1]} | ${ubl}/AdditionalStreetName | ${cii}/PostalTradeAddress/LineTwo
  ${terms[2]} | ${ubl}/AddressLine/Line | ${cii}/PostalTradeAddress/LineThree
  ${terms[3]} | ${ubl}/CityName | ${cii}/PostalTradeAddress/CityName
  ${terms[4]} | ${ubl}/PostalZone | ${cii}/PostalTradeAddress/PostcodeCode
  ${terms[5]} | ${ubl}/CountrySubentity | ${cii}/PostalTradeAddress/CountrySubDivisionName
  ${terms[6]} | ${ubl}/Country/IdentificationCode | ${cii}/PostalTradeAddress/CountryID | ${country}
`;

const partyTable = `
  BT-27  | ${seller}/PartyLegalEntity/RegistrationName | ${ciiSeller}/Name
  BT-28  | ${seller}/PartyName/Name | ${ciiSeller}/SpecifiedLegalOrganization/TradingBusinessName
  BT-29  | ${seller}/PartyIdentification/ID[not(@schemeID)] | ${ciiSeller}/ID
  BT-29-1 | ${seller}/PartyIdentification/ID[@schemeID='0088'] | ${ciiSeller}/GlobalID[@schemeID='0088'] | 4012345000009
  BT-30  | ${seller}/PartyLegalEntity/CompanyID[@schemeID='0002'] | ${ciiSeller}/SpecifiedLegalOrganization/ID[@schemeID='0002'] | 123456789
  BT-31  | ${seller}/PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/CompanyID | ${ciiSeller}/SpecifiedTaxRegistration/ID[@schemeID='VA'] | DE293847561
  BT-32  | ${seller}/PartyTaxScheme[cac:TaxScheme/cbc:ID!='VAT']/CompanyID | ${ciiSeller}/SpecifiedTaxRegistration/ID[@schemeID='FC']
  BT-33  | ${seller}/PartyLegalEntity/CompanyLegalForm | ${ciiSeller}/Description
  BT-34  | ${seller}/EndpointID[@schemeID='EM'] | ${ciiSeller}/URIUniversalCommunication/URIID[@schemeID='EM'] | bt-34@example.com
  BT-41  | ${seller}/Contact/Name | ${ciiSeller}/DefinedTradeContact/PersonName
  BT-42  | ${seller}/Contact/Telephone | ${ciiSeller}/DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber | +49 30 42
  BT-43  | ${seller}/Contact/ElectronicMail | ${ciiSeller}/DefinedTradeContact/EmailURIUniversalCommunication/URIID | bt-43@example.com
  BT-44  | ${buyer}/PartyLegalEntity/RegistrationName | ${ciiBuyer}/Name
  BT-45  | ${buyer}/PartyName/Name | ${ciiBuyer}/SpecifiedLegalOrganization/TradingBusinessName
  BT-46  | ${buyer}/PartyIdentification/ID[@schemeID='0060'] | ${ciiBuyer}/GlobalID[@schemeID='0060']
  BT-47  | ${buyer}/PartyLegalEntity/CompanyID[@schemeID='0060'] | ${ciiBuyer}/SpecifiedLegalOrganization/ID[@schemeID='0060']
  BT-48  | ${buyer}/PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/CompanyID | ${ciiBuyer}/SpecifiedTaxRegistration/ID[@schemeID='VA'] | ATU62345678
  BT-49  | ${buyer}/EndpointID[@schemeID='EM'] | ${ciiBuyer}/URIUniversalCommunication/URIID[@schemeID='EM'] | bt-49@example.com
  BT-56  | ${buyer}/Contact/Name | ${ciiBuyer}/DefinedTradeContact/PersonName
  BT-57  | ${buyer}/Contact/Telephone | ${ciiBuyer}/DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber | +43 1 57
  BT-58  | ${buyer}/Contact/ElectronicMail | ${ciiBuyer}/DefinedTradeContact/EmailURIUniversalCommunication/URIID | bt-58@example.com
  BT-59  | PayeeParty/PartyName/Name | ${ciiPayee}/Name
  BT-60  | PayeeParty/PartyIdentification/ID[@schemeID='0060'] | ${ciiPayee}/GlobalID[@schemeID='0060']
  BT-61  | PayeeParty/PartyLegalEntity/CompanyID[@schemeID='0060'] | ${ciiPayee}/SpecifiedLegalOrganization/ID[@schemeID='0060']
  BT-62  | TaxRepresentativeParty/PartyName/Name | ${representative}/Name
  BT-63  | TaxRepresentativeParty/PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/CompanyID | ${representative}/SpecifiedTaxRegistration/ID[@schemeID='VA'] | PL1234567890
  BT-70  | Delivery/DeliveryParty/PartyName/Name | ${shipTo}/Name
  BT-71  | Delivery/DeliveryLocation/ID[@schemeID='0060'] | ${shipTo}/GlobalID[@schemeID='0060']
  ${addressTable(`${seller}/PostalAddress`, ciiSeller, ['BT-35', 'BT-36', 'BT-162', 'BT-37', 'BT-38', 'BT-39', 'BT-40'], 'DE')}
  ${addressTable(`${buyer}/PostalAddress`, ciiBuyer, ['BT-50', 'BT-51', 'BT-163', 'BT-52', 'BT-53', 'BT-54', 'BT-55'], 'AT')}
  ${addressTable('TaxRepresentativeParty/PostalAddress', representative, ['BT-64', 'BT-65', 'BT-164', 'BT-66', 'BT-67', 'BT-68', 'BT-69'], 'PL')}
  ${addressTable('Delivery/DeliveryLocation/Address', shipTo, ['BT-75', 'BT-76', 'BT-165', 'BT-77', 'BT-78', 'BT-79', 'BT-80'], 'CZ')}
`;

const means = `${settlement}/SpecifiedTradeSettlementPaymentMeans[1]`;
const allowance = "AllowanceCharge[cbc:ChargeIndicator='false']";
const charge = "AllowanceCharge[cbc:ChargeIndicator='true']";
const ciiAllowance = "SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='false']";
const ciiCharge = "SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='true']";

const adjustmentTable = (ubl: string, cii: string, terms: readonly string[], values: readonly string[]) => `
  ${terms[0]} | ${ubl}/Amount[@currencyID='EUR'] | ${cii}/ActualAmount | ${values[0]}
  ${terms[1]} | ${ubl}/BaseAmount[@currencyID='EUR'] | ${cii}/BasisAmount | ${values[1]}
  ${terms[2]} | ${ubl}/MultiplierFactorNumeric | ${cii}/CalculationPercent | ${values[2]}
  ${terms[3]} | ${ubl}/AllowanceChargeReason | ${cii}/Reason
  ${terms[4]} | ${ubl}/AllowanceChargeReasonCode | ${cii}/ReasonCode | ${values[3]}
`;

const vat = `${settlement}/ApplicableTradeTax[ram:TypeCode='VAT'][2]`;
const summation = `${settlement}/SpecifiedTradeSettlementHeaderMonetarySummation`;

const moneyTable = `
  BT-81  | PaymentMeans[1]/PaymentMeansCode | ${means}/TypeCode | 58
  BT-82  | PaymentMeans/PaymentMeansCode/@name | ${means}/Information
  BT-83  | PaymentMeans[1]/PaymentID | ${settlement}/PaymentReference
  BT-84  | PaymentMeans[1]/PayeeFinancialAccount/ID | ${means}/PayeePartyCreditorFinancialAccount/IBANID | DE89370400440532013000
  BT-85  | PaymentMeans[1]/PayeeFinancialAccount/Name | ${means}/PayeePartyCreditorFinancialAccount/AccountName
  BT-86  | PaymentMeans[1]/PayeeFinancialAccount/FinancialInstitutionBranch/ID | ${means}/PayeeSpecifiedCreditorFinancialInstitution/BICID | COBADEFFXXX
  ${adjustmentTable(allowance, `${settlement}/${ciiAllowance}`, ['BT-92', 'BT-93', 'BT-94', 'BT-97', 'BT-98'], ['20.45', '409.00', '5', '95'])}
  BT-95  | ${allowance}/TaxCategory/ID | ${settlement}/${ciiAllowance}/CategoryTradeTax/CategoryCode | S
  BT-96  | ${allowance}/TaxCategory/Percent | ${settlement}/${ciiAllowance}/CategoryTradeTax/RateApplicablePercent | 19
  ${adjustmentTable(charge, `${settlement}/${ciiCharge}`, ['BT-99', 'BT-100', 'BT-101', 'BT-104', 'BT-105'], ['8.18', '409.00', '2', 'FC'])}
  BT-102 | ${charge}/TaxCategory/ID | ${settlement}/${ciiCharge}/CategoryTradeTax/CategoryCode | S
  BT-103 | ${charge}/TaxCategory/Percent | ${settlement}/${ciiCharge}/CategoryTradeTax/RateApplicablePercent | 19
  BT-106 | LegalMonetaryTotal/LineExtensionAmount[@currencyID='EUR'] | ${summation}/LineTotalAmount | 569.00
  BT-107 | LegalMonetaryTotal/AllowanceTotalAmount[@currencyID='EUR'] | ${summation}/AllowanceTotalAmount | 20.45
  BT-108 | LegalMonetaryTotal/ChargeTotalAmount[@currencyID='EUR'] | ${summation}/ChargeTotalAmount | 8.18
  BT-109 | LegalMonetaryTotal/TaxExclusiveAmount[@currencyID='EUR'] | ${summation}/TaxBasisTotalAmount | 556.73
  BT-110 | TaxTotal/TaxAmount[@currencyID='EUR'] | ${summation}/TaxTotalAmount[@currencyID='EUR'] | 75.38
  BT-111 | TaxTotal/TaxAmount[@currencyID='PLN'] | ${summation}/TaxTotalAmount[@currencyID='PLN'] | 320.37
  BT-112 | LegalMonetaryTotal/TaxInclusiveAmount[@currencyID='EUR'] | ${summation}/GrandTotalAmount | 632.11
  BT-113 | LegalMonetaryTotal/PrepaidAmount[@currencyID='EUR'] | ${summation}/TotalPrepaidAmount | 100.01
  BT-114 | LegalMonetaryTotal/PayableRoundingAmount[@currencyID='EUR'] | ${summation}/RoundingAmount | -0.01
  BT-115 | LegalMonetaryTotal/PayableAmount[@currencyID='EUR'] | ${summation}/DuePayableAmount | 532.09
  BT-116 | TaxTotal/TaxSubtotal[2]/TaxableAmount[@currencyID='EUR'] | ${vat}/BasisAmount | 160.00
  BT-117 | TaxTotal/TaxSubtotal[2]/TaxAmount[@currencyID='EUR'] | ${vat}/CalculatedAmount | 0.00
  BT-118 | TaxTotal/TaxSubtotal[2]/TaxCategory[cac:TaxScheme/cbc:ID='VAT']/ID | ${vat}/CategoryCode | E
  BT-119 | TaxTotal/TaxSubtotal[2]/TaxCategory/Percent | ${vat}/RateApplicablePercent | 0
  BT-120 | TaxTotal/TaxSubtotal[2]/TaxCategory/TaxExemptionReason | ${vat}/ExemptionReason
  BT-121 | TaxTotal/TaxSubtotal[2]/TaxCategory/TaxExemptionReasonCode | ${vat}/ExemptionReasonCode | VATEX-EU-132
`;

const file = 'AdditionalDocumentReference[cac:Attachment]';
const ciiFile = `${agreement}/AdditionalReferencedDocument[ram:TypeCode=916]`;
const embedded = 'EmbeddedDocumentBinaryObject';

const attachmentTable = `
  BT-122 | ${file}/ID | ${ciiFile}/IssuerAssignedID
  BT-123 | ${file}/DocumentDescription | ${ciiFile}/Name
  BT-124 | ${file}/Attachment/ExternalReference/URI | ${ciiFile}/URIID | https://example.com/bt-124
  BT-125 | ${file}/Attachment/${embedded} | ${ciiFile}/AttachmentBinaryObject | QlQtMTI1
  BT-125-1 | ${file}/Attachment/${embedded}/@mimeCode | ${ciiFile}/AttachmentBinaryObject/@mimeCode | text/csv
  BT-125-2 | ${file}/Attachment/${embedded}/@filename | ${ciiFile}/AttachmentBinaryObject/@filename | bt-125.csv
`;

const ublLine = 'InvoiceLine[1]';
const item = `${ublLine}/Item`;
const product = `${line}/SpecifiedTradeProduct`;
const lineAgreement = `${line}/SpecifiedLineTradeAgreement`;
const quantity = `${line}/SpecifiedLineTradeDelivery/BilledQuantity`;
const lineSettlement = `${line}/SpecifiedLineTradeSettlement`;

const lineTable = `
  BT-126 | ${ublLine}/ID | ${line}/AssociatedDocumentLineDocument/LineID
  BT-127 | ${ublLine}/Note | ${line}/AssociatedDocumentLineDocument/IncludedNote/Content
  BT-128 | ${ublLine}/DocumentReference[cbc:DocumentTypeCode=130]/ID | ${lineSettlement}/AdditionalReferencedDocument[ram:TypeCode=130]/IssuerAssignedID
  BT-128-1 | ${ublLine}/DocumentReference/ID/@schemeID | ${lineSettlement}/AdditionalReferencedDocument/ReferenceTypeCode | AVE
  BT-129 | ${ublLine}/InvoicedQuantity | ${quantity} | 1000
  BT-130 | ${ublLine}/InvoicedQuantity/@unitCode | ${quantity}/@unitCode | KGM
  BT-131 | ${ublLine}/LineExtensionAmount[@currencyID='EUR'] | ${lineSettlement}/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount | 409.00
  BT-132 | ${ublLine}/OrderLineReference/LineID | ${lineAgreement}/BuyerOrderReferencedDocument/LineID
  BT-133 | ${ublLine}/AccountingCost | ${lineSettlement}/ReceivableSpecifiedTradeAccountingAccount/ID
  BT-134 | ${ublLine}/InvoicePeriod/StartDate | ${lineSettlement}/BillingSpecifiedPeriod/StartDateTime/udt:DateTimeString | 2026-11-02
  BT-135 | ${ublLine}/InvoicePeriod/EndDate | ${lineSettlement}/BillingSpecifiedPeriod/EndDateTime/udt:DateTimeString | 2026-11-29
  ${adjustmentTable(`${ublLine}/${allowance}[1]`, `${lineSettlement}/${ciiAllowance}[1]`, ['BT-136', 'BT-137', 'BT-138', 'BT-139', 'BT-140'], ['45.00', '450.00', '10', '95'])}
  ${adjustmentTable(`${ublLine}/${charge}`, `${lineSettlement}/${ciiCharge}`, ['BT-141', 'BT-142', 'BT-143', 'BT-144', 'BT-145'], ['9.00', '450.00', '2', 'FC'])}
  BT-146 | ${ublLine}/Price/PriceAmount[@currencyID='EUR'] | ${lineAgreement}/NetPriceProductTradePrice/ChargeAmount | 45
  BT-147 | ${ublLine}/Price/${allowance}/Amount | ${lineAgreement}/GrossPriceProductTradePrice/AppliedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='false']/ActualAmount | 0.125
  BT-148 | ${ublLine}/Price/${allowance}/BaseAmount | ${lineAgreement}/GrossPriceProductTradePrice/ChargeAmount | 45.125
  BT-149 | ${ublLine}/Price/BaseQuantity | ${lineAgreement}/NetPriceProductTradePrice/BasisQuantity | 100
  BT-150 | ${ublLine}/Price/BaseQuantity/@unitCode | ${lineAgreement}/NetPriceProductTradePrice/BasisQuantity/@unitCode | KGM
  BT-151 | ${item}/ClassifiedTaxCategory[cac:TaxScheme/cbc:ID='VAT']/ID | ${lineSettlement}/ApplicableTradeTax[ram:TypeCode='VAT']/CategoryCode | S
  BT-152 | ${item}/ClassifiedTaxCategory/Percent | ${lineSettlement}/ApplicableTradeTax/RateApplicablePercent | 19
  BT-153 | ${item}/Name | ${product}/Name
  BT-154 | ${item}/Description | ${product}/Description
  BT-155 | ${item}/SellersItemIdentification/ID | ${product}/SellerAssignedID
  BT-156 | ${item}/BuyersItemIdentification/ID | ${product}/BuyerAssignedID
  BT-157 | ${item}/StandardItemIdentification/ID[@schemeID='0060'] | ${product}/GlobalID[@schemeID='0060']
  BT-158 | ${item}/CommodityClassification/ItemClassificationCode | ${product}/DesignatedProductClassification/ClassCode
  BT-158-1 | ${item}/CommodityClassification/ItemClassificationCode/@listID | ${product}/DesignatedProductClassification/ClassCode/@listID | STI
  BT-158-2 | ${item}/CommodityClassification/ItemClassificationCode/@listVersionID | ${product}/DesignatedProductClassification/ClassCode/@listVersionID | 2008
  BT-159 | ${item}/OriginCountry/IdentificationCode | ${product}/OriginTradeCountry/ID | SK
  BT-160 | ${item}/AdditionalItemProperty[1]/Name | ${product}/ApplicableProductCharacteristic[1]/Description
  BT-161 | ${item}/AdditionalItemProperty[1]/Value | ${product}/ApplicableProductCharacteristic[1]/Value
`;

const read = (table: string): Term[] =>
  table
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '')
    .map((row) => {
      const [term = '', ubl = '', cii = '', value = term] = row.split('|').map((cell) => cell.trim());
      return { term, ubl, cii, value };
    });

export const terms: Term[] = [documentTable, partyTable, moneyTable, attachmentTable, lineTable].flatMap(read);
