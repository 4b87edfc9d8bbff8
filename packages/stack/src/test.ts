/**
 * `npm test`: every check and test, against real PostgreSQL, Redis and S3 servers that live as long as the run.
 * Takes turbo's arguments, such as `--filter=@invoicepress/queue` or `--force`. A server whose variable is set already
 * (TEST_POSTGRES_URL, TEST_REDIS_URL, TEST_S3_URL) is used as it is.
 */
import { collectReport, summary } from './test-report.ts';
import { folderInMemory } from './test-folder.ts';
import { startTestServers } from './test-servers.ts';
import { checkCode, checkFormat, checkSupplyChain, runTasks } from './tools.ts';

const main = async (argv: string[]): Promise<number> => {
  const format = await checkFormat();
  const supplyChain = await checkSupplyChain();
  const code = await checkCode();
  const { report, addLine } = collectReport();
  await using servers = new AsyncDisposableStack();
  const folder = servers.use(await folderInMemory());
  // Before anything asks for the folder of temporary files: the servers here, and the tests, which inherit it.
  if (folder) process.env['TMPDIR'] = folder.path;
  const env = await startTestServers(servers);
  const tasks = await runTasks(['test'], argv, { env, onLine: addLine });
  for (const line of report.failures) process.stderr.write(`${line}\n`);
  if (format !== 0) process.stderr.write('test: some files are not formatted; run: npm run format\n');
  if (tasks !== 0 && report.failed === 0) process.stderr.write('test: a test run broke off; see above\n');
  if (code !== 0) process.stderr.write('test: lint or types do not hold; see above\n');
  process.stdout.write(`${summary(report)}\n`);
  return Math.max(format, supplyChain, code, tasks);
};

// Interrupted while the servers start, or after: what is running is tied to this process and ends with it.
process.exitCode = await main(process.argv.slice(2));
