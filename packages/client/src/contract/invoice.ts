import { failureCodes, formats, statuses, typeCodes } from '@invoicepress/invoice';
import { z } from 'zod';
import { Creditable, CreditNoteSummary } from './credit-note.ts';
import { date, label, metadata, uuid } from './fields.ts';

export const instant = z.string().meta({ format: 'date-time' });
const money = z.string().meta({ examples: ['1190.00'] });

export const DocumentInfo = z
  .object({
    format: z.enum(formats),
    mediaType: z.string(),
    sizeBytes: z.int(),
    sha256: z.string().describe('hexadecimal'),
    pages: z.int().optional().describe('of formats that have pages'),
    href: z.string().describe('where to ask for a fresh pre-signed URL'),
  })
  .meta({ id: 'DocumentInfo' });

export const Invoice = z
  .object({
    id: uuid,
    status: z.enum(statuses),
    number: z.string(),
    typeCode: z.enum(typeCodes),
    externalId: z.string().optional(),
    currency: z.string(),
    issueDate: z.string().meta({ format: 'date' }),
    dueDate: z.string().meta({ format: 'date' }).optional(),
    buyerName: z.string(),
    totals: z.object({ taxExclusive: money, tax: money, taxInclusive: money, payable: money }),
    metadata: z.record(z.string(), z.unknown()),
    generation: z.int().describe('1, and one more with every retry'),
    failure: z
      .object({ code: z.enum(failureCodes), reason: z.string(), remedy: z.string() })
      .optional()
      .describe('why it failed and what to do about it'),
    documents: z.array(DocumentInfo),
    credits: z
      .object({ id: uuid, number: z.string() })
      .optional()
      .describe('the invoice that this credit note was made of; not in lists'),
    creditNotes: z
      .array(CreditNoteSummary)
      .optional()
      .describe('of a ready invoice, in the order of their acceptance; not in lists'),
    creditable: Creditable.optional().describe('of a ready invoice: what is left to be credited; not in lists'),
    createdAt: instant,
    updatedAt: instant,
    readyAt: instant.optional(),
    erasedAt: instant.optional().describe('when it became a stub: buyer, documents and metadata are gone'),
  })
  .meta({ id: 'Invoice' });
export type Invoice = z.infer<typeof Invoice>;

export const InvoicePage = z
  .object({ invoices: z.array(Invoice), nextCursor: z.string().optional().describe('absent on the last page') })
  .meta({ id: 'InvoicePage' });
export type InvoicePage = z.infer<typeof InvoicePage>;

/** Bounds of a page. */
export const MAX_PAGE = 200;
export const DEFAULT_PAGE = 50;
export const MAX_IDS = 100;

export const wholeNumber = (max: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,4}$/, `is no number from 1 to ${max}`)
    .transform(Number)
    .refine((value) => value <= max, `is more than ${max}`);

/** The query of `GET /v1/invoices`; all filters must hold. */
export const ListInvoices = z
  .strictObject({
    status: z.enum(statuses, { error: `is none of ${statuses.join(', ')}` }).optional(),
    typeCode: z.enum(typeCodes, { error: `is none of ${typeCodes.join(', ')}` }).optional(),
    number: label(60).optional(),
    externalId: label(100).optional(),
    buyer: label(200).optional().describe("begins the buyer's name"),
    issuedFrom: date.optional(),
    issuedTo: date.optional(),
    metadata: z
      .string()
      .max(2_000, 'is longer than 2000 characters')
      .transform((value, context): unknown => {
        try {
          return JSON.parse(value);
        } catch {
          context.addIssue({ code: 'custom', message: 'is no JSON object such as {"project":"alpha"}' });
          return z.NEVER;
        }
      })
      .pipe(metadata)
      .optional()
      .describe('a JSON object that the metadata must contain, URL-encoded'),
    ids: z
      .string()
      .transform((value) => value.split(','))
      .pipe(z.array(uuid).max(MAX_IDS, `names more than ${MAX_IDS} ids`))
      .optional()
      .describe('ids, separated by commas'),
    limit: wholeNumber(MAX_PAGE).optional().describe(`${DEFAULT_PAGE} when absent, ${MAX_PAGE} at most`),
    cursor: z.string().max(200, 'is no cursor of ours').optional().describe('the nextCursor of the page before'),
  })
  .meta({ id: 'ListInvoices' });
export type ListInvoices = z.input<typeof ListInvoices>;

export const DocumentLink = z
  .object({
    url: z.string().describe('pre-signed; needs no token'),
    expiresAt: instant,
    fileName: z.string(),
    mediaType: z.string(),
    sizeBytes: z.int(),
    sha256: z.string(),
  })
  .meta({ id: 'DocumentLink' });
export type DocumentLink = z.infer<typeof DocumentLink>;
