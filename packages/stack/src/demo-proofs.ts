import type { Client, Invoice } from '@invoicepress/client';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** So many of the samples: each is typeset once more, which takes longer than to fetch it. */
const PROOFS = 5;
const TIMEOUT_MS = 60_000;

/**
 * Downloads proof bundles and the service's key set into `outputDir`/proofs, and verifies them as an auditor would: by
 * the command, in a process of its own, with nothing but these files.
 * @returns how many were verified
 * @throws {Error} with what the command said, unless all of them hold
 */
export const fetchProofs = async (
  client: Client,
  apiUrl: string,
  invoices: Invoice[],
  outputDir: string,
): Promise<number> => {
  const folder = join(outputDir, 'proofs');
  await mkdir(folder, { recursive: true });
  const keys = join(folder, 'jwks.json');
  await writeFile(keys, await (await fetch(`${apiUrl}/.well-known/jwks.json`)).bytes());
  const bundles: string[] = [];
  for (const { id } of invoices.filter(({ status }) => status === 'ready').slice(0, PROOFS)) {
    const file = join(folder, `${id}.proof.zip`);
    await writeFile(file, await client.downloadProof(id));
    bundles.push(file);
  }
  if (bundles.length > 0) await verify('--keys', keys, ...bundles);
  return bundles.length;
};

const verify = async (...argv: string[]): Promise<void> => {
  const command = join(import.meta.dirname, '../../verify/src/main.ts');
  try {
    await promisify(execFile)(process.execPath, [command, ...argv], { timeout: TIMEOUT_MS });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`the proof bundles do not hold:\n${stdout}${stderr}`, { cause: error });
  }
};
