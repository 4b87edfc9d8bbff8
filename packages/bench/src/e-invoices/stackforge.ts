/** @stackforge-eu/factur-x, which has no UBL; only measured here (EUPL-1.2). Its checks are left out: ours are elsewhere too. */
import type { IssuedInvoice, Party } from '@invoicepress/invoice';
import { buildXml, embedFacturX, Profile, type FacturXInvoiceInput } from '@stackforge-eu/factur-x';
import type { Rival } from './rival.ts';

export const stackforge: Rival = {
  cii: (invoice) => {
    const input = toInput(invoice);
    return () => buildXml(input, Profile.EN16931);
  },
  facturx: (invoice, pdf) => {
    const input = toInput(invoice);
    const unchecked = { validateBeforeEmbed: false, validateXsd: false };
    return async () => (await embedFacturX({ pdf, input, profile: Profile.EN16931, ...unchecked })).pdf;
  },
};

/** Its amounts are floats. */
const toInput = (invoice: IssuedInvoice): FacturXInvoiceInput => {
  const { totals } = invoice;
  return {
    document: {
      id: invoice.number,
      issueDate: invoice.issueDate,
      ...(invoice.buyerReference && { buyerReference: invoice.buyerReference }),
    },
    seller: party(invoice.seller),
    buyer: party(invoice.buyer),
    references: [{ type: 'order', id: invoice.orderReference ?? '' }],
    delivery: { date: invoice.delivery?.date ?? invoice.issueDate },
    lines: invoice.lines.map((line) => ({
      id: line.id,
      name: line.name,
      ...(line.description && { description: line.description }),
      ...(line.sellerItemId && { sellerAssignedId: line.sellerItemId }),
      quantity: Number(line.quantity),
      unitCode: line.unit,
      unitPrice: Number(line.unitPrice),
      basisQuantity: Number(line.priceBaseQuantity),
      lineTotal: Number(line.netAmount),
      vatCategoryCode: line.taxCategory,
      vatRatePercent: Number(line.taxRate),
    })),
    vatBreakdown: totals.taxSubtotals.map(({ category, rate, taxable, tax }) => ({
      categoryCode: category,
      ratePercent: Number(rate),
      taxableAmount: Number(taxable),
      taxAmount: Number(tax),
    })),
    totals: {
      lineTotal: Number(totals.lineTotal),
      taxBasisTotal: Number(totals.taxExclusive),
      taxTotal: Number(totals.tax),
      grandTotal: Number(totals.taxInclusive),
      duePayableAmount: Number(totals.payable),
      currency: invoice.currency,
    },
    payment: {
      meansCode: '58',
      iban: invoice.payment?.iban ?? '',
      bic: invoice.payment?.bic ?? '',
      paymentReference: invoice.number,
      dueDate: invoice.dueDate ?? '',
      termsDescription: invoice.payment?.terms ?? '',
    },
  };
};

const party = ({ name, vatId, registrationId, electronicAddress, address, contact }: Party) => ({
  name,
  ...(vatId && { taxRegistrations: [{ id: vatId, schemeId: 'VA' as const }] }),
  ...(registrationId && { legalOrganization: { id: registrationId } }),
  ...(electronicAddress && {
    electronicAddress: { value: electronicAddress.id, schemeID: electronicAddress.scheme },
  }),
  address: {
    line1: address.line1 ?? '',
    city: address.city ?? '',
    postalCode: address.postCode ?? '',
    country: address.country,
  },
  ...(contact && { contact }),
});
