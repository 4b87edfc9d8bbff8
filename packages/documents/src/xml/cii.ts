import { specificationOf, type Attachment, type IssuedInvoice } from '@invoicepress/invoice';
import { dateTime, invoicedObject, ram, text } from './cii-elements.ts';
import { lineItem } from './cii-line.ts';
import { party, shipTo, taxRepresentative } from './cii-party.ts';
import { settlement } from './cii-settlement.ts';
import { businessProcessOf, buyerOf } from './derived.ts';
import { each, group, xmlDocument, type Xml } from './writer.ts';

const uncefact = 'urn:un:unece:uncefact:data';

const namespaces = {
  'xmlns:rsm': `${uncefact}:standard:CrossIndustryInvoice:100`,
  'xmlns:ram': `${uncefact}:standard:ReusableAggregateBusinessInformationEntity:100`,
  'xmlns:qdt': `${uncefact}:standard:QualifiedDataType:100`,
  'xmlns:udt': `${uncefact}:standard:UnqualifiedDataType:100`,
};

/**
 * UN/CEFACT's Cross Industry Invoice D16B as CEN/TS 16931-3-3 binds the standard to it, for invoices and credit notes alike;
 * it is also what Factur-X and ZUGFeRD embed in their EN 16931 profile. Expects what `checkDraft` has accepted.
 */
export const toCii = (invoice: IssuedInvoice): string =>
  xmlDocument(
    'rsm:CrossIndustryInvoice',
    namespaces,
    group(
      'rsm:ExchangedDocumentContext',
      ram('BusinessProcessSpecifiedDocumentContextParameter', text('ID', businessProcessOf(invoice))), // BT-23
      ram('GuidelineSpecifiedDocumentContextParameter', text('ID', specification(invoice))), // BT-24
    ),
    group(
      'rsm:ExchangedDocument',
      text('ID', invoice.number), // BT-1
      text('TypeCode', invoice.typeCode), // BT-3
      dateTime('IssueDateTime', invoice.issueDate), // BT-2
      each(invoice.notes, (note) =>
        ram('IncludedNote', text('Content', note.text), text('SubjectCode', note.subjectCode)),
      ), // BT-22, BT-21
    ),
    group(
      'rsm:SupplyChainTradeTransaction',
      each(invoice.lines, lineItem), // BG-25
      agreement(invoice),
      delivery(invoice),
      settlement(invoice),
    ),
  );

/** BT-24. Peppol exchanges UBL; a CII or Factur-X document that claimed its rules would be refused (FX-SCH-A-000556). */
const specification = ({ profiles }: IssuedInvoice): string =>
  specificationOf(profiles.filter((profile) => profile !== 'peppol'));

const agreement = (invoice: IssuedInvoice): Xml =>
  ram(
    'ApplicableHeaderTradeAgreement',
    text('BuyerReference', invoice.buyerReference), // BT-10
    party('SellerTradeParty', invoice.seller), // BG-4
    party('BuyerTradeParty', buyerOf(invoice)), // BG-7
    taxRepresentative(invoice), // BG-11
    reference('SellerOrderReferencedDocument', invoice.salesOrderReference), // BT-14
    reference('BuyerOrderReferencedDocument', invoice.orderReference), // BT-13
    reference('ContractReferencedDocument', invoice.contractReference), // BT-12
    tender(invoice),
    invoicedObject(invoice.invoicedObject), // BT-18
    each(invoice.attachments, attachment), // BG-24
    project(invoice),
  );

/** BG-13. The element is demanded even where there is nothing to say of a delivery. */
const delivery = (invoice: IssuedInvoice): Xml =>
  ram(
    'ApplicableHeaderTradeDelivery',
    shipTo(invoice),
    ram('ActualDeliverySupplyChainEvent', dateTime('OccurrenceDateTime', invoice.delivery?.date)), // BT-72
    reference('DespatchAdviceReferencedDocument', invoice.despatchAdviceReference), // BT-16
    reference('ReceivingAdviceReferencedDocument', invoice.receivingAdviceReference), // BT-15
  ) || '<ram:ApplicableHeaderTradeDelivery/>\n';

const reference = (name: string, id: string | undefined): Xml => ram(name, text('IssuerAssignedID', id));

/** BT-17. */
const tender = ({ tenderReference }: IssuedInvoice): Xml =>
  tenderReference
    ? ram('AdditionalReferencedDocument', text('IssuerAssignedID', tenderReference), text('TypeCode', '50'))
    : '';

/** BG-24. */
const attachment = ({ id, description, url, file }: Attachment): Xml =>
  ram(
    'AdditionalReferencedDocument',
    text('IssuerAssignedID', id), // BT-122
    text('URIID', url), // BT-124
    text('TypeCode', '916'),
    text('Name', description), // BT-123
    text('AttachmentBinaryObject', file?.base64, { mimeCode: file?.mediaType, filename: file?.name }), // BT-125
  );

/** BT-11. CII wants a name beside the number, the standard has none. */
const project = ({ projectReference }: IssuedInvoice): Xml =>
  projectReference
    ? ram('SpecifiedProcuringProject', text('ID', projectReference), text('Name', 'Project reference'))
    : '';
