import { databaseSettings, type DatabaseSettings } from '@invoicepress/database';
import { isEd25519 } from '@invoicepress/proof';
import { parseSettings } from '@invoicepress/telemetry';
import { z } from 'zod';

const url = z
  .string()
  .regex(/^postgres(ql)?:\/\/\S+$/, 'is no PostgreSQL URL; it begins with postgres://')
  .optional();

const auditSettings = z
  .object({
    /** The role invoicepress_auditor, which can read and nothing else; or the owner of the tables. */
    AUDITOR_DATABASE_URL: url,
    ADMIN_DATABASE_URL: url,
    /** Signs heads, if there is one. */
    PROOF_PRIVATE_KEY: z
      .string()
      .transform((text) => text.replaceAll(String.raw`\n`, '\n'))
      .refine((key) => isEd25519(key, 'private'), 'PROOF_PRIVATE_KEY is no Ed25519 private key in PEM')
      .optional(),
    ...databaseSettings.omit({ DATABASE_URL: true }).shape,
  })
  .transform(({ AUDITOR_DATABASE_URL, ADMIN_DATABASE_URL, ...rest }, context) => {
    const given = AUDITOR_DATABASE_URL ?? ADMIN_DATABASE_URL;
    if (given) return { ...rest, DATABASE_URL: given };
    const message =
      'AUDITOR_DATABASE_URL is missing; give the PostgreSQL URL of the role invoicepress_auditor (or ADMIN_DATABASE_URL)';
    context.addIssue({ code: 'custom', path: ['AUDITOR_DATABASE_URL'], message });
    return z.NEVER;
  });

/** What the commands of `npm run audit` need. @throws {InvalidSettings} naming every faulty variable */
export const readAuditConfig = (
  environment: NodeJS.ProcessEnv = process.env,
): DatabaseSettings & { PROOF_PRIVATE_KEY?: string | undefined } => parseSettings(auditSettings, environment);
