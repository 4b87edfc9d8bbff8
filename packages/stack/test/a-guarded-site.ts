/** The API and a worker as processes of their own, on the servers of the test run, with a canary for every secret. */
import { createClient, type Client } from '@invoicepress/client';
import pg from 'pg';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runAdmin } from '../src/admin-command.ts';
import { startProgram, type Program } from '../src/programs.ts';
import { freePort, temporaryFolder } from '../src/services/daemon.ts';
import { testBucket, testDatabase, testRedisUrl, type TestDatabase } from '../src/testing/index.ts';

export interface GuardedSite extends AsyncDisposable {
  apiUrl: string;
  metricsUrls: string[];
  /** Where the processes write their logs. */
  logDir: string;
  programs: Program[];
  postgres: TestDatabase;
  superuser: pg.Client;
  redisUrl: string;
  queuePrefix: string;
  client: Client;
  credentials: { clientId: string; clientSecret: string };
  /** The login roles that the processes sign in with; of this site alone, so that their passwords may change. */
  logins: Record<'api' | 'worker' | 'sweeper', string>;
  /** As an operator does: the file that a process reads its URL from gets a new password. The role does not, yet. */
  writePassword(role: keyof GuardedSite['logins'], password: string): Promise<void>;
  /** All secrets of the site by name; add those that come to be. */
  canaries: Map<string, string>;
}

const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']): string =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();

export const aGuardedSite = async (): Promise<GuardedSite> => {
  await using parts = new AsyncDisposableStack();
  const { path: folder } = parts.use(await temporaryFolder('guarded'));
  const postgres = parts.use(await testDatabase());
  const superuser = new pg.Client({ connectionString: postgres.urls.superuser, application_name: 'guarded-site' });
  await superuser.connect();
  parts.defer(() => superuser.end());
  const bucket = await testBucket();

  const canaries = new Map<string, string>();
  const canary = (name: string, value = `canary-${randomBytes(16).toString('hex')}`): string => {
    canaries.set(name, value);
    return value;
  };
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), `${text}\n`, { mode: 0o600 });
    return join(folder, name);
  };

  const suffix = randomBytes(4).toString('hex');
  const logins = {
    api: `guarded_api_${suffix}`,
    worker: `guarded_worker_${suffix}`,
    sweeper: `guarded_sweeper_${suffix}`,
  };
  const writePassword: GuardedSite['writePassword'] = async (role, password) => {
    const url = new URL(postgres.urls[role]);
    url.username = logins[role];
    url.password = canary(`${role}'s database password ${password.slice(-6)}`, password);
    await file(`${role}-database-url`, url.href);
  };
  for (const role of ['api', 'worker', 'sweeper'] as const) {
    const password = `canary-${randomBytes(16).toString('hex')}`;
    await superuser.query(`CREATE ROLE ${logins[role]} LOGIN PASSWORD '${password}' IN ROLE invoicepress_${role}`);
    parts.defer(async () => void (await superuser.query(`DROP ROLE ${logins[role]}`)));
    await writePassword(role, password);
  }

  const redisUrl = testRedisUrl();
  const queuePrefix = `guarded-${randomUUID()}`;
  canary("Redis's password", new URL(redisUrl).password);
  const jwtKey = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  const proofKey = pem(generateKeyPairSync('ed25519').privateKey);
  canary('JWT_PRIVATE_KEY', jwtKey.split('\n')[1]);
  canary('PROOF_PRIVATE_KEY', proofKey.split('\n')[1]);
  const sealingKey = canary('WEBHOOK_SEALING_KEY', randomBytes(32).toString('base64'));
  const masterKey = canary('PAYLOAD_MASTER_KEYS', randomBytes(32).toString('base64'));
  const storageKey = canary('S3_SECRET_ACCESS_KEY', bucket.environment.S3_SECRET_ACCESS_KEY);

  const apiUrl = `http://127.0.0.1:${await freePort()}`;
  // By environment, by file and by command, in turns.
  const shared = {
    LOG_LEVEL: 'debug',
    QUEUE_URL: redisUrl,
    QUEUE_PREFIX: queuePrefix,
    STORAGE_URL: bucket.environment.STORAGE_URL,
    STORAGE_TIMEOUT_MS: '60000',
    S3_ACCESS_KEY_ID: bucket.environment.S3_ACCESS_KEY_ID,
    S3_SECRET_ACCESS_KEY_FILE: await file('s3', storageKey),
    WEBHOOK_SEALING_KEY_COMMAND: JSON.stringify(['cat', await file('sealing', sealingKey)]),
    WEBHOOK_ALLOW_LOOPBACK: 'true',
    PAYLOAD_MASTER_KEYS_FILE: await file('master', `guarded:${masterKey}`),
  };
  const signing = { PUBLIC_URL: apiUrl, JWT_PRIVATE_KEY_FILE: await file('jwt', jwtKey) };
  const metricsUrls: string[] = [];
  const start = async (name: 'api' | 'worker', env: Record<string, string>): Promise<Program> => {
    const metricsPort = await freePort();
    const readyUrl = name === 'api' ? `${apiUrl}/readyz` : `http://127.0.0.1:${metricsPort}/readyz`;
    metricsUrls.push(`http://127.0.0.1:${metricsPort}/metrics`);
    const settings = { ...env, METRICS_PORT: String(metricsPort) };
    const program = startProgram({ name, file: `apps/${name}/src/main.ts`, logDir: folder, readyUrl, env: settings });
    return parts.use(program);
  };
  const programs = [
    await start('api', {
      ...shared,
      ...signing,
      PORT: new URL(apiUrl).port,
      DATABASE_URL_FILE: join(folder, 'api-database-url'),
      PROOF_PRIVATE_KEY: proofKey,
      STORAGE_SIGNING_KEY: canary('STORAGE_SIGNING_KEY'),
      RATE_LIMIT_PER_MINUTE: '1000000',
    }),
    await start('worker', {
      ...shared,
      RENDERER_POOL_SIZE: '1',
      DATABASE_URL_COMMAND: `cat ${join(folder, 'worker-database-url')}`,
      SWEEPER_DATABASE_URL_FILE: join(folder, 'sweeper-database-url'),
    }),
  ];
  await Promise.all(programs.map(({ ready }) => ready));

  const admin = { ...signing, ADMIN_DATABASE_URL: postgres.urls.migrator };
  await runAdmin(['create-tenant', '--slug', 'guarded', '--name', 'Guarded'], admin);
  const created = await runAdmin(['create-client', '--tenant', 'guarded', '--name', 'shop'], admin);
  const credentials = JSON.parse(created) as GuardedSite['credentials'];
  canary("a client's secret", credentials.clientSecret);
  const owned = parts.move();
  return {
    apiUrl,
    metricsUrls,
    logDir: folder,
    programs,
    postgres,
    superuser,
    redisUrl,
    queuePrefix,
    client: createClient({ baseUrl: apiUrl, ...credentials }),
    credentials,
    logins,
    writePassword,
    canaries,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
