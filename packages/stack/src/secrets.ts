import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Secrets {
  /** P-256, PEM. */
  jwtPrivateKey: string;
  storageSigningKey: string;
}

/** The embedded stack's own secrets: made at its first start, readable by their owner alone, found again at the next. */
export const readSecrets = async (dataDir: string): Promise<Secrets> => {
  const file = join(dataDir, 'secrets.json');
  try {
    await writeFile(file, JSON.stringify(makeSecrets(), null, 2), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return JSON.parse(await readFile(file, 'utf8')) as Secrets;
};

const makeSecrets = (): Secrets => ({
  jwtPrivateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  storageSigningKey: randomBytes(32).toString('hex'),
});
