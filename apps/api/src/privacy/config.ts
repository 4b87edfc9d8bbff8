import { databaseSettings, payloadSettings } from '@invoicepress/database';
import { storageSettings } from '@invoicepress/storage';
import { parseSettings } from '@invoicepress/telemetry';
import { z } from 'zod';

const slow = 'has to answer at once, and this class is restored for hours before a link works; take GLACIER_IR';
const risky = 'keeps less safely than STANDARD what the law wants kept; take GLACIER_IR or STANDARD_IA';
/** Classes of AWS that documents may not lie in, and why. */
const unfit = new Map([
  ['GLACIER', slow],
  ['DEEP_ARCHIVE', slow],
  ['ONEZONE_IA', risky],
  ['REDUCED_REDUNDANCY', risky],
  ['STANDARD', 'is where documents are to begin with; take GLACIER_IR or STANDARD_IA'],
]);

const privacySettings = z.object({
  /** The role invoicepress_privacy, which can erase what may go and nothing else. */
  PRIVACY_DATABASE_URL: z
    .string({ error: 'PRIVACY_DATABASE_URL is missing; give the PostgreSQL URL of the role invoicepress_privacy' })
    .regex(/^postgres(ql)?:\/\/\S+$/, 'PRIVACY_DATABASE_URL is no PostgreSQL URL; it begins with postgres://'),
  /** Years on top of the statutory ones: where the business year ends later than the calendar's, or contracts want it. */
  RETENTION_EXTRA_YEARS: z.coerce.number().int().min(0).max(50).default(0),
  /** Days for which settled deliveries of webhooks are kept, with their log. */
  DELIVERY_LOG_DAYS: z.coerce.number().int().min(1).max(3_650).default(90),
  /** Days for which exports are kept that are over: what was asked of them may name a buyer. */
  EXPORT_LOG_DAYS: z.coerce.number().int().min(7).max(3_650).default(30),
  /** Days after which the documents of a ready invoice move to a colder class of storage, by `archive`; 0: never. */
  ARCHIVE_AFTER_DAYS: z.coerce.number().int().min(0).max(36_500).default(0),
  /** The name of that class, as AWS has it, or the S3 server. */
  ARCHIVE_STORAGE_CLASS: z
    .string()
    .default('GLACIER_IR')
    .check(({ value, issues }) => {
      const message = unfit.get(value) ?? (/^[\w-]{1,64}$/.test(value) ? undefined : 'is no name of a storage class');
      if (message) issues.push({ code: 'custom', message: `ARCHIVE_STORAGE_CLASS ${message}`, input: value });
    }),
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
