import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Secrets {
  /** P-256, PEM. */
  jwtPrivateKey: string;
  /** Ed25519, PEM. */
  proofPrivateKey: string;
  storageSigningKey: string;
  /** 32 bytes, base64. */
  webhookSealingKey: string;
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
  const known = JSON.parse(await readFile(file, 'utf8')) as Partial<Secrets>;
  const secrets = { ...makeSecrets(), ...known };
  if (Object.keys(known).length < Object.keys(secrets).length) {
    // A version before this one made the file, and did not know all of them.
    await writeFile(draft, JSON.stringify(secrets, null, 2), { mode: 0o600, flag: 'wx' });
    await rename(draft, file);
  }
  return secrets;
};

const makeSecrets = (): Secrets => ({
  jwtPrivateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString(),
  proofPrivateKey: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  storageSigningKey: randomBytes(32).toString('hex'),
  webhookSealingKey: randomBytes(32).toString('base64'),
});
