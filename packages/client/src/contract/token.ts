import { z } from 'zod';

/** What a token may be allowed to do. */
export const scopes = [
  'invoices:write',
  'invoices:read',
  'documents:read',
  'webhooks:manage',
  'profiles:manage',
  'templates:manage',
  'audit:read',
  'operator',
] as const;
export type Scope = (typeof scopes)[number];

/** RFC 6749, 4.4.2; the credentials may also come by HTTP Basic authentication (2.3.1). */
export const TokenRequest = z
  .strictObject({
    grant_type: z.literal('client_credentials', 'is not "client_credentials", the only grant there is'),
    client_id: z.guid('is no client id').optional(),
    client_secret: z.string().max(200).optional(),
    scope: z
      .string()
      .max(500)
      .optional()
      .describe('a part of what the client may do, separated by spaces; all of it when absent'),
  })
  .meta({ id: 'TokenRequest' });

/** RFC 6749, 5.1. */
export const TokenResponse = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('seconds'),
    scope: z.string(),
  })
  .meta({ id: 'TokenResponse' });
export type TokenResponse = z.infer<typeof TokenResponse>;
