/** `npm start`: the embedded stack, kept running until Ctrl-C; its data stay. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTenant, startEmbedded } from './embedded.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    workers: { type: 'string', default: '2' },
    data: { type: 'string', default: join(import.meta.dirname, '../../../.invoicepress') },
  },
});
const wholeNumber = (name: 'port' | 'workers', max: number): number => {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= 1 && number <= max) return number;
  process.stderr.write(`invoicepress: --${name} must be a whole number from 1 to ${max}\n`);
  process.exit(1);
};

const options = { port: wholeNumber('port', 65_535), workers: wholeNumber('workers', 32) };
await mkdir(values.data, { recursive: true, mode: 0o700 });
await using stack = await startEmbedded({ ...options, dataDir: values.data, temporary: false, onStep: (step) => process.stderr.write(`Starting ${step} …\n`) });
const { clientId, clientSecret } = await createTenant(stack, { slug: 'local', name: 'Local', client: 'local' });

process.stdout.write(`
Invoicepress runs.

  API        ${stack.apiUrl}
  Docs       ${stack.apiUrl}/docs/
  Queues     ${await stack.admin('sign-in-link')}   (good for 10 minutes)
  Metrics    ${stack.metricsUrls.join('  ')}
  Logs       ${stack.logDir}

  A client for you to try it with (its secret is shown only now):

    curl -s ${stack.apiUrl}/oauth2/token -d grant_type=client_credentials -d client_id=${clientId} -d client_secret=${clientSecret}

Ctrl-C stops it; the data stay in ${values.data}.
`);

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
await Promise.race([stopped, stack.broken]).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
process.stderr.write('Stopping …\n');
