/**
 * `npm test`: every check and test, against real PostgreSQL, Redis and S3 servers that live as long as the run.
 * Takes turbo's arguments, such as `--filter=@invoicepress/queue` or `--force`. A server whose variable is set already
 * (TEST_POSTGRES_URL, TEST_REDIS_URL, TEST_S3_URL) is used as it is.
 */
import { chmod } from 'node:fs/promises';
import { temporaryFolder } from './services/daemon.ts';
import { provision, startPostgres } from './services/postgres.ts';
import { startRedis } from './services/redis.ts';
import { s3TestUrl, startS3 } from './services/s3.ts';
import { addCount, summary, type TestCounts } from './test-counts.ts';
import { templateDatabase, testPasswords } from './testing/database.ts';
import { checkFormat, checkSupplyChain, runTasks } from './tools.ts';

const postgresUrl = async (servers: AsyncDisposableStack): Promise<string> => {
  const folder = servers.use(await temporaryFolder('postgres'));
  // Started by root, the server runs as another account, which must be able to enter the folder.
  await chmod(folder.path, 0o711);
  const postgres = servers.use(await startPostgres({ dataDir: folder.path, durability: 'test' }));
  return postgres.superuserUrl;
};

const redisUrl = async (servers: AsyncDisposableStack): Promise<string> => servers.use(await startRedis()).url;

const s3Url = async (servers: AsyncDisposableStack): Promise<string> => s3TestUrl(servers.use(await startS3()));

const startServers = async (servers: AsyncDisposableStack): Promise<Record<string, string>> => {
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

const main = async (argv: string[]): Promise<number> => {
  const format = await checkFormat();
  const supplyChain = await checkSupplyChain();
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  await using servers = new AsyncDisposableStack();
  const env = await startServers(servers);
  const tasks = await runTasks(['check', 'test'], argv, { env, onLine: (line) => addCount(counts, line) });
  if (format !== 0) process.stderr.write('test: some files are not formatted; run: npm run format\n');
  if (tasks !== 0 && counts.failed === 0)
    process.stderr.write('test: a check failed, or a test run broke off; see above\n');
  process.stdout.write(`${summary(counts)}\n`);
  return Math.max(format, supplyChain, tasks);
};

// Interrupted while the servers start, or after: what is running is tied to this process and ends with it.
process.exitCode = await main(process.argv.slice(2));
