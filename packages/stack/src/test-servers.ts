/** The real servers that tests run against: PostgreSQL, with the migrated template that each test file copies, Redis and S3. */
import { chmod } from 'node:fs/promises';
import { temporaryFolder } from './services/daemon.ts';
import { provision, startPostgres } from './services/postgres.ts';
import { startRedis } from './services/redis.ts';
import { s3TestUrl, startS3 } from './services/s3.ts';
import { templateDatabase, testPasswords } from './testing/database.ts';

const postgresUrl = async (servers: AsyncDisposableStack): Promise<string> => {
  const folder = servers.use(await temporaryFolder('postgres'));
  // Started by root, the server runs as another account, which must be able to enter the folder.
  await chmod(folder.path, 0o711);
  const postgres = servers.use(await startPostgres({ dataDir: folder.path, durability: 'test' }));
  return postgres.superuserUrl;
};

const redisUrl = async (servers: AsyncDisposableStack): Promise<string> => servers.use(await startRedis()).url;

/** With a colder class, by a name of AWS. */
const s3Url = async (servers: AsyncDisposableStack): Promise<string> =>
  s3TestUrl(servers.use(await startS3({ storageClasses: ['GLACIER_IR'] })));

/** Those whose variable is set already are used as they are. @returns the variables that tests find the servers by */
export const startTestServers = async (servers: AsyncDisposableStack): Promise<Record<string, string>> => {
  const { TEST_POSTGRES_URL: postgres, TEST_REDIS_URL: redis, TEST_S3_URL: s3 } = process.env;
  // All are awaited even if one fails, so that those which did start are disposed of.
  const started = await Promise.allSettled([
    postgres ?? postgresUrl(servers),
    redis ?? redisUrl(servers),
    s3 ?? s3Url(servers),
  ]);
  const [TEST_POSTGRES_URL = '', TEST_REDIS_URL = '', TEST_S3_URL = ''] = started.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
  await provision(TEST_POSTGRES_URL, templateDatabase, { passwords: testPasswords });
  return { TEST_POSTGRES_URL, TEST_REDIS_URL, TEST_S3_URL };
};
