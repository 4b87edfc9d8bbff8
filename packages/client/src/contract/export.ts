import { formats, typeCodes } from '@invoicepress/invoice';
import { z } from 'zod';
import { date, label, metadata, uuid } from './fields.ts';
import { instant, MAX_IDS, MAX_PAGE, wholeNumber, DEFAULT_PAGE } from './invoice.ts';
import { someOf } from './some-of.ts';

/** The body of `POST /v1/exports`: the filters of `GET /v1/invoices`, all of which must hold, and formats. */
export const CreateExport = z
  .strictObject({
    issuedFrom: date.optional().describe('the first day of issue'),
    issuedTo: date.optional().describe('the last day of issue, included'),
    typeCode: z.enum(typeCodes, { error: `is none of ${typeCodes.join(', ')}` }).optional(),
    number: label(60).optional(),
    externalId: label(100).optional(),
    buyer: label(200).optional().describe("begins the buyer's name"),
    metadata: metadata.optional().describe('what the metadata must contain'),
    ids: z
      .array(uuid)
      .min(1, 'is empty; leave the field out instead')
      .max(MAX_IDS, `names more than ${MAX_IDS} ids`)
      .optional(),
    formats: someOf(formats).optional().describe('all that there are when absent'),
  })
  .refine(({ issuedFrom, issuedTo }) => issuedFrom === undefined || issuedTo === undefined || issuedFrom <= issuedTo, {
    error: 'ends before it starts',
    path: ['issuedTo'],
  })
  .meta({ id: 'CreateExport', examples: [{ issuedFrom: '2026-01-01', issuedTo: '2026-03-31', formats: ['facturx'] }] });
export type CreateExport = z.input<typeof CreateExport>;

const ExportPart = z.object({
  number: z.int().describe('from 1'),
  sizeBytes: z.int(),
  sha256: z.string().describe('hexadecimal'),
  documents: z.int(),
  href: z.string().describe('where to ask for a fresh pre-signed URL'),
});

export const Export = z
  .object({
    id: uuid,
    status: z
      .enum(['queued', 'running', 'ready', 'failed', 'canceled', 'expired'])
      .describe('`ready` with all its archives, for seven days'),
    filter: z.record(z.string(), z.unknown()).describe('as it was asked for'),
    documents: z.object({ done: z.int(), total: z.int() }).describe('how far it is'),
    parts: z.array(ExportPart).describe('finished archives; documents of a ready export are divided among them'),
    failure: z.object({ reason: z.string(), remedy: z.string() }).optional(),
    createdAt: instant,
    finishedAt: instant.optional(),
    expiresAt: instant.optional().describe('when its archives are deleted'),
  })
  .meta({ id: 'Export' });
export type Export = z.infer<typeof Export>;

export const ExportPage = z
  .object({ exports: z.array(Export), nextCursor: z.string().optional().describe('absent on the last page') })
  .meta({ id: 'ExportPage' });
export type ExportPage = z.infer<typeof ExportPage>;

export const ListExports = z
  .strictObject({
    limit: wholeNumber(MAX_PAGE).optional().describe(`${DEFAULT_PAGE} when absent, ${MAX_PAGE} at most`),
    cursor: z.string().max(200, 'is no cursor of ours').optional().describe('the nextCursor of the page before'),
  })
  .meta({ id: 'ListExports' });
export type ListExports = z.input<typeof ListExports>;

/** More than an export of the most documents can have. */
const MAX_PART = 99_999;
export const GetArchive = z
  .strictObject({ part: wholeNumber(MAX_PART).optional().describe('1 when absent') })
  .meta({ id: 'GetArchive' });
