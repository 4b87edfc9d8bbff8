import type { Invoice } from '@invoicepress/client';
import type { InvoiceRecord } from '@invoicepress/database';
import { amountDecimals, type FailureCode, type Format, type TypeCode } from '@invoicepress/invoice';

/** A stored invoice as the API shows it. */
export const toInvoice = (record: InvoiceRecord): Invoice => {
  return {
    id: record.id,
    status: record.status,
    number: record.number,
    typeCode: record.typeCode as TypeCode,
    ...(record.externalId && { externalId: record.externalId }),
    currency: record.currency,
    issueDate: day(record.issueDate),
    ...(record.dueDate && { dueDate: day(record.dueDate) }),
    buyerName: record.buyerName,
    totals: toTotals(record),
    metadata: record.metadata as Record<string, unknown>,
    generation: record.generation,
    ...(record.failureCode && {
      failure: {
        code: record.failureCode as FailureCode,
        reason: record.failureReason ?? '',
        remedy: record.failureRemedy ?? '',
      },
    }),
    documents: record.documents.map((document) => ({
      format: document.format as Format,
      mediaType: document.mediaType,
      sizeBytes: document.sizeBytes,
      sha256: document.sha256,
      ...(document.pageCount !== null && { pages: document.pageCount }),
      href: `/v1/invoices/${record.id}/documents/${document.format}`,
    })),
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
    ...(record.readyAt && { readyAt: record.readyAt.toISOString() }),
    ...(record.erasedAt && { erasedAt: record.erasedAt.toISOString() }),
  };
};

type Sums = Pick<InvoiceRecord, 'currency' | 'taxExclusive' | 'tax' | 'taxInclusive' | 'payable'>;
export const toTotals = ({ currency, taxExclusive, tax, taxInclusive, payable }: Sums): Invoice['totals'] => {
  const decimals = amountDecimals(currency);
  return {
    taxExclusive: taxExclusive.toFixed(decimals),
    tax: tax.toFixed(decimals),
    taxInclusive: taxInclusive.toFixed(decimals),
    payable: payable.toFixed(decimals),
  };
};

export const day = (date: Date): string => date.toISOString().slice(0, 10);

/** Changes with every update of the row (a trigger sees to it). */
export const etagOf = ({ id, revision }: Pick<InvoiceRecord, 'id' | 'revision'>): string => `"${id}-${revision}"`;
