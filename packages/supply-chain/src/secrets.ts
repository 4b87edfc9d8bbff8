import { lintSource } from '@secretlint/core';
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { isUtf8 } from 'node:buffer';

/** Larger files are data: fonts, pictures, goldens. */
const MAX_BYTES = 1_000_000;

/** Invented ones, that open nothing: what a file may have of a rule, each with its reason. */
const invented: Record<string, { rules: string[]; why: string }> = {
  'apps/api/test/command-line.test.ts': {
    rules: ['database-connection-string'],
    why: 'of a database that nobody runs',
  },
  'apps/api/test/config.test.ts': {
    rules: ['database-connection-string', 'basicauth'],
    why: 'settings that are read and refused',
  },
  'apps/api/test/tls-in-front.ts': { rules: ['privatekey'], why: 'of servers on this machine, for a test' },
  'apps/worker/test/a-certificate.ts': { rules: ['privatekey'], why: 'of a receiver on this machine, for a test' },
  'apps/worker/test/main.test.ts': { rules: ['database-connection-string'], why: 'of a database that nobody runs' },
  'packages/queue/test/settings.test.ts': { rules: ['database-connection-string'], why: 'settings that are read' },
  'packages/supply-chain/test/faults.test.ts': { rules: ['privatekey'], why: 'this is what finds them' },
  'packages/telemetry/test/require-tls.test.ts': {
    rules: ['database-connection-string'],
    why: 'URLs that are read and refused',
  },
  'prisma/test/deploy.test.ts': { rules: ['database-connection-string'], why: 'of a database that nobody runs' },
};

/** Keys, tokens and passwords of the kinds that secretlint knows, in files that git keeps or would keep. */
export const faultsOfSecrets = async (root: string, files: readonly string[]): Promise<string[]> => {
  const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: recommended }] };
  const faults: string[] = [];
  for (const file of files) {
    const bytes = await readFile(join(root, file)).catch(() => undefined); // deleted, and not yet committed
    if (!bytes || bytes.length > MAX_BYTES || !isUtf8(bytes)) continue;
    const source = { filePath: file, content: bytes.toString(), contentType: 'text' as const, ext: extname(file) };
    const { messages } = await lintSource({ source, options: { config } });
    faults.push(
      // Never the secret itself, which the message may hold.
      ...messages
        .filter(({ ruleId }) => !invented[file]?.rules.some((rule) => ruleId.endsWith(`-${rule}`)))
        .map(
          ({ loc, ruleId }) =>
            `${file}:${loc.start.line}: ${ruleId} found a secret; take it out, and change it where it is in use`,
        ),
    );
  }
  return faults;
};
