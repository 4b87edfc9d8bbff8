/** docker-compose.yml, .env.example and infra/ say the same as the code. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { workerMalloc, workerNodeFlags } from '../src/embedded.ts';

const root = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Service {
  image: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  logging?: { options: Record<string, string> };
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  secrets?: string[];
  stop_grace_period?: string;
  deploy?: { resources?: { limits?: { memory?: string; cpus?: string; pids?: number } } };
}
const composeText = read('docker-compose.yml');
const compose = parse(composeText, { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { environment: string }>;
};
const serviceOf = (name: string): Service => {
  const service = compose.services[name];
  assert.ok(service, `docker-compose.yml has no service "${name}"`);
  return service;
};

const exampleText = read('.env.example');
const example = new Map(
  [...exampleText.matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
);

const composeVariables = new Set([
  ...[...composeText.matchAll(/\$\{([A-Z][A-Z0-9_]*)/g)].map(([, name = '']) => name),
  ...Object.values(compose.secrets).map(({ environment }) => environment),
]);
/** What Compose does with ${NAME}, ${NAME:-default} and ${NAME:?message}. */
const interpolate = (text: string, values: Record<string, string>): string =>
  text.replaceAll(
    /\$\{([A-Z][A-Z0-9_]*)(?::([-?])([^}]*))?\}/g,
    (_, name: string, kind: string, rest: string) => values[name] ?? (kind === '-' ? rest : ''),
  );

const settingFiles = [
  'apps/api/src/config.ts',
  'apps/api/src/auth/settings.ts',
  'apps/worker/src/config.ts',
  ...['database', 'queue', 'storage', 'telemetry'].map((name) => `packages/${name}/src/settings.ts`),
  'packages/telemetry/src/require-tls.ts',
  'apps/api/src/cross-origin.ts',
  'apps/api/src/privacy/config.ts',
];
const settings = new Set(
  settingFiles.flatMap((file) => [...read(file).matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map(([, name = '']) => name)),
);
const toolVariables = [
  'ADMIN_DATABASE_URL',
  'MIGRATOR_DATABASE_URL',
  'API_DATABASE_PASSWORD',
  'WORKER_DATABASE_PASSWORD',
  'SWEEPER_DATABASE_PASSWORD',
  'AUDITOR_DATABASE_PASSWORD',
  'PRIVACY_DATABASE_PASSWORD',
  'QUEUE_DATABASE_PASSWORD',
];

/** What an app's own config.ts makes of an environment, in a process of its own. */
const readConfig = async (
  app: 'api' | 'worker',
  environment: Record<string, string>,
): Promise<Record<string, unknown>> => {
  const script = `const { readConfig } = await import('./apps/${app}/src/config.ts'); console.log(JSON.stringify(readConfig()));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    env: environment,
  });
  return JSON.parse(stdout) as Record<string, unknown>;
};
const jwtPrivateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const proofPrivateKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const secrets = {
  PROOF_PRIVATE_KEY: proofPrivateKey.replaceAll('\n', String.raw`\n`),
  JWT_PRIVATE_KEY: jwtPrivateKey.replaceAll('\n', String.raw`\n`),
  WEBHOOK_SEALING_KEY: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  REDIS_PASSWORD: 'r',
  API_DATABASE_PASSWORD: 'a',
  API_S3_SECRET_ACCESS_KEY: 's',
};

test('every variable of docker-compose.yml is explained in .env.example', () => {
  assert.deepEqual(
    [...composeVariables].filter((name) => !example.has(name)),
    [],
  );
});

test('.env.example explains every setting and no other', () => {
  assert.ok(settings.size > 30, 'the settings were not found in the sources');
  assert.deepEqual(
    [...settings, ...toolVariables].filter((name) => !example.has(name)),
    [],
  );
  const known = new Set([...settings, ...toolVariables, ...composeVariables]);
  assert.deepEqual(
    [...example.keys()].filter((name) => !known.has(name)),
    [],
  );
});

test('.env.example holds no secret, and shows the defaults that the processes have', async () => {
  for (const [name, value] of example)
    if (/PASSWORD|SECRET|_KEY$|TOKEN$/.test(name)) assert.equal(value, '', `${name} must be empty`);
  const needed = {
    DATABASE_URL: 'postgres://h/d',
    SWEEPER_DATABASE_URL: 'postgres://h/d',
    QUEUE_URL: 'redis://h',
    STORAGE_URL: 's3://bucket',
    JWT_PRIVATE_KEY: jwtPrivateKey,
    PROOF_PRIVATE_KEY: proofPrivateKey,
    WEBHOOK_SEALING_KEY: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  };
  const defaults = { ...(await readConfig('worker', needed)), ...(await readConfig('api', needed)) };
  const ownOfCompose = new Set(['PUBLIC_URL', 'STORAGE_PUBLIC_URL']);
  for (const [name, value] of example) {
    if (value !== '' && settings.has(name) && !ownOfCompose.has(name))
      assert.equal(value, String(defaults[name]), name);
  }
});

test('API and workers accept what docker-compose.yml gives them', async () => {
  for (const app of ['api', 'worker'] as const) {
    const environment = Object.fromEntries(
      Object.entries(serviceOf(app).environment ?? {}).map(([name, value]) => [name, interpolate(value, secrets)]),
    );
    const unknown = Object.keys(environment).filter((name) => !settings.has(name));
    assert.deepEqual(unknown, [], `${app} has no such settings`);
    const config = await readConfig(app, { ...environment, NODE_ENV: 'production' });
    assert.equal(config.METRICS_HOST, '0.0.0.0');
    assert.ok(
      seconds(serviceOf(app).stop_grace_period) > Number(config.SHUTDOWN_SECONDS),
      `${app} is killed before it has stopped by itself`,
    );
  }
});

test('every container is unprivileged, read-only and bounded, and its image pinned', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    assert.equal(service.read_only, true, `${name}: read_only`);
    assert.deepEqual(service.cap_drop, ['ALL'], `${name}: cap_drop`);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], `${name}: security_opt`);
    assert.match(service.user ?? '', /^[1-9]\d*:[1-9]\d*$/, `${name}: user`);
    assert.ok(service.logging?.options['max-size'], `${name}: logging`);
    const { memory, cpus, pids } = service.deploy?.resources?.limits ?? {};
    assert.ok(memory && cpus && pids, `${name}: limits`);
    assert.match(interpolate(service.image, {}), /:v?\d+\.\d+/, `${name}: image`);
  }
});

test('only the gateway publishes ports', () => {
  assert.deepEqual(
    Object.entries(compose.services)
      .filter(([, { ports }]) => ports)
      .map(([name]) => name),
    ['gateway'],
  );
});

test("a worker's memory has room for all its renderers at their limit", () => {
  const { environment = {}, deploy } = serviceOf('worker');
  const megabytes = (name: string): number => Number(interpolate(environment[name] ?? '', {}));
  const mainProcess = 300;
  const limit = Number.parseInt(deploy?.resources?.limits?.memory ?? '', 10);
  assert.ok(limit >= mainProcess + megabytes('RENDERER_POOL_SIZE') * megabytes('RENDERER_MAX_MB'));
});

test('what docker-compose.yml mounts and names is there', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      assert.ok(
        source.startsWith('./') ? existsSync(join(root, source)) : source in compose.volumes,
        `${name}: ${source}`,
      );
    }
    for (const secret of service.secrets ?? []) assert.ok(secret in compose.secrets, `${name}: ${secret}`);
  }
});

test('gateway and Prometheus ask where the processes listen', () => {
  const { PORT, METRICS_PORT } = serviceOf('api').environment ?? {};
  assert.match(read('infra/gateway/haproxy.cfg'), new RegExp(`^ +server-template .* api:${PORT}$`, 'm'));
  const { scrape_configs: jobs } = parse(read('infra/prometheus/prometheus.yml')) as {
    scrape_configs: { dns_sd_configs?: { names: string[]; port: number }[] }[];
  };
  const found = jobs.flatMap(({ dns_sd_configs: names = [] }) =>
    names.map(({ names: [name = ''], port }) => ({ name, port: String(port) })),
  );
  assert.deepEqual(
    found,
    ['api', 'worker'].map((name) => ({ name, port: METRICS_PORT })),
  );
});

test('alerts ask for metrics that exist', () => {
  const source = read('packages/telemetry/src/metrics.ts');
  const names = new Set(
    [...source.matchAll(/(?:counter|gauge|histogram)(?:<[^>]*>)?\(\s*'([a-z_]+)'/g)].map(
      ([, name = '']) => `invoicepress_${name}`,
    ),
  );
  assert.ok(names.size > 20, 'the metrics were not found in the source');
  const rules = parse(read('infra/prometheus/rules.yml')) as {
    groups: { rules: { expr: string; annotations: Record<string, string> }[] }[];
  };
  const asked = rules.groups.flatMap((group) =>
    group.rules.flatMap(
      ({ expr, annotations }) => [expr, ...Object.values(annotations)].join(' ').match(/invoicepress_[a-z_]+/g) ?? [],
    ),
  );
  assert.deepEqual(
    asked.filter(
      (name) =>
        !names.has(name) && !names.has(name.replace(/_(bucket|count|sum)$/, '')) && name !== 'invoicepress_sweeper',
    ),
    [],
  );
});

test('the images have the Node and the pnpm that package.json pins, and copy what is there', () => {
  const { packageManager, devDependencies } = JSON.parse(read('package.json')) as {
    packageManager: string;
    devDependencies: Record<string, string>;
  };
  const containerfile = read('infra/containers/Containerfile');
  assert.match(
    containerfile,
    new RegExp(`^ARG NODE_IMAGE=docker.io/library/node:${devDependencies.node}-bookworm-slim$`, 'm'),
  );
  assert.match(containerfile, new RegExp(`npm install --global ${packageManager}$`, 'm'));
  const ignored = read('.dockerignore').split('\n');
  const copied = [...containerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
    sources.split(' '),
  );
  for (const source of copied) {
    assert.ok(existsSync(join(root, source)), source);
    assert.ok(ignored.includes(`!${source}`), `.dockerignore keeps ${source} out of the build`);
  }
});

test('the image starts a worker as the embedded stack does', () => {
  const [, stage = ''] = read('infra/containers/Containerfile').split(/^FROM \S+ AS worker$/m);
  const command = /^CMD (.+)$/m.exec(stage)?.[1] ?? '[]';
  assert.deepEqual(JSON.parse(command), ['node', ...workerNodeFlags, 'apps/worker/src/main.ts']);
  for (const [name, value] of Object.entries(workerMalloc))
    assert.match(stage, new RegExp(`^ENV ${name}=${value}$`, 'm'));
});

function seconds(period: string | undefined): number {
  return Number(/^(\d+)s$/.exec(period ?? '')?.[1]);
}
