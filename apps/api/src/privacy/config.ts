import { databaseSettings, payloadSettings } from '@invoicepress/database';
import { storageSettings } from '@invoicepress/storage';
import { parseSettings } from '@invoicepress/telemetry';
import { z } from 'zod';

const privacySettings = z.object({
  /** The role invoicepress_privacy, which can erase what may go and nothing else. */
  PRIVACY_DATABASE_URL: z
    .string({ error: 'PRIVACY_DATABASE_URL is missing; give the PostgreSQL URL of the role invoicepress_privacy' })
    .regex(/^postgres(ql)?:\/\/\S+$/, 'PRIVACY_DATABASE_URL is no PostgreSQL URL; it begins with postgres://'),
  /** Years on top of the statutory ones: where the business year ends later than the calendar's, or contracts want it. */
  RETENTION_EXTRA_YEARS: z.coerce.number().int().min(0).max(50).default(0),
  /** Days for which settled deliveries of webhooks are kept, with their log. */
  DELIVERY_LOG_DAYS: z.coerce.number().int().min(1).max(3_650).default(90),
  ...databaseSettings.omit({ DATABASE_URL: true }).shape,
  ...payloadSettings.shape,
  ...storageSettings.shape,
});

/** What the commands of `npm run privacy` need. @throws {InvalidSettings} naming every faulty variable */
export const readPrivacyConfig = (environment: NodeJS.ProcessEnv = process.env) => {
  const { PRIVACY_DATABASE_URL, ...rest } = parseSettings(privacySettings, environment);
  return { ...rest, DATABASE_URL: PRIVACY_DATABASE_URL };
};
export type PrivacyConfig = ReturnType<typeof readPrivacyConfig>;
