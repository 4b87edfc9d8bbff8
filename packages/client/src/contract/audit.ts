import { z } from 'zod';
import { label, uuid } from './fields.ts';
import { DEFAULT_PAGE, instant, MAX_PAGE, wholeNumber } from './invoice.ts';

const digest = z.string().describe('SHA-256, hexadecimal');

export const AuditEntry = z
  .object({
    id: uuid,
    createdAt: instant,
    action: z.string().describe('an operation of this document, or an operator\'s command: "admin create-client"'),
    actor: z.object({
      clientId: uuid.optional(),
      tokenId: z.string().optional().describe('the `jti` of the token'),
      operator: z.string().optional().describe('who ran the command'),
    }),
    from: z.object({
      address: z.string().optional().describe("the client's address, as far as the proxies in front are trusted"),
      requestId: z.string().optional().describe('the X-Request-Id of the answer'),
    }),
    touched: z.array(z.string()).describe('the ids of what the action touched'),
    digests: z.object({
      request: digest.optional().describe("of the request's body, byte for byte"),
      before: digest.optional().describe('of the canonical JSON (RFC 8785) of what was touched, as it was'),
      after: digest.optional().describe('as it is now'),
    }),
    chain: z
      .object({
        position: z.int().describe("in your tenant's chain: 1, 2, 3 and so on"),
        previousHash: digest,
        hash: digest,
      })
      .optional()
      .describe('absent for the moments until the chain has closed over the entry'),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditPage = z
  .object({ entries: z.array(AuditEntry), nextCursor: z.string().optional().describe('absent on the last page') })
  .meta({ id: 'AuditPage' });
export type AuditPage = z.infer<typeof AuditPage>;

const moment = z.iso.datetime({ offset: true, error: 'is no time such as "2026-11-22T10:15:30Z"' });

export const ListAudit = z
  .strictObject({
    from: moment.optional().describe('the earliest time'),
    until: moment.optional().describe('the time that is too late'),
    action: label(100).optional().describe('one operation: "submitInvoice"'),
    clientId: uuid.optional().describe('one actor'),
    touched: label(100).optional().describe('what concerns one id'),
    limit: wholeNumber(MAX_PAGE).optional().describe(`${DEFAULT_PAGE} when absent, ${MAX_PAGE} at most`),
    cursor: z.string().max(200, 'is no cursor of ours').optional().describe('the nextCursor of the page before'),
  })
  .meta({ id: 'ListAudit' });
export type ListAudit = z.input<typeof ListAudit>;
