import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Secrets {
  /** P-256, PEM. */
  jwtPrivateKey: string;
  storageSigningKey: string;
}

/** The embedded stack's own secrets: made at its first start, readable by their owner alone, found again at the next. */
export const readSecrets = async (dataDir: string): Promise<Secrets> => {
  const file = join(dataDir, 'secrets.json');
  // Written aside and linked, so that an interruption leaves all of them or none, and the first of several starts wins.
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(draft, JSON.stringify(makeSecrets(), null, 2), { mode: 0o600, flag: 'wx' });
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return JSON.parse(await readFile(file, 'utf8')) as Secrets;
};

const makeSecrets = (): Secrets => ({
  jwtPrivateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString(),
  storageSigningKey: randomBytes(32).toString('hex'),
});
