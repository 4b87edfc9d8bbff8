/** `npm start`: the embedded stack, kept running until Ctrl-C; its data stay. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Interrupted, runCommand, unlessAborted } from './command.ts';
import { createTenant, startEmbedded, type EmbeddedStack } from './embedded.ts';

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8080' },
      workers: { type: 'string', default: '1' },
      data: { type: 'string', default: join(import.meta.dirname, '../../../.invoicepress') },
    },
  });
  const wholeNumber = (name: 'port' | 'workers', max: number): number => {
    const number = Number(values[name]);
    if (Number.isInteger(number) && number >= 1 && number <= max) return number;
    throw new Error(`--${name} must be a whole number from 1 to ${max}`);
  };
  return { port: wholeNumber('port', 65_535), workers: wholeNumber('workers', 32), dataDir: values.data };
};

const introduce = async (stack: EmbeddedStack, dataDir: string): Promise<void> => {
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

Ctrl-C stops it; the data stay in ${dataDir}.
`);
};

await runCommand('start', async (interrupted) => {
  const options = readOptions();
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const onStep = (step: string) => process.stderr.write(`Starting ${step} …\n`);
  await using stack = await startEmbedded({ ...options, temporary: false, onStep, signal: interrupted });
  try {
    await unlessAborted(interrupted, introduce(stack, options.dataDir));
    await unlessAborted(interrupted, stack.broken);
  } catch (error) {
    process.stderr.write('Stopping …\n');
    if (!(error instanceof Interrupted)) throw error; // Ctrl-C is how one ends it, and no failure
  }
});
