#!/usr/bin/env node
// The door to every command: `npm run demo|start|test|check|bench|…` come through here.
// It needs Node >= 20 and npm alone. It installs what the lockfile pins (pnpm, Node 24, every package),
// once per lockfile, and then hands over to Node 24.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const node24 = join(root, 'node_modules', 'node', 'bin', 'node');
const stamp = join(root, 'node_modules', '.invoicepress-setup');

/** Each command is a TypeScript file that Node 24 runs as it is. */
const commands = {
  demo: 'packages/stack/src/demo.ts',
  start: 'packages/stack/src/start.ts',
  test: 'packages/stack/src/test.ts',
  check: 'packages/stack/src/check.ts',
  bench: 'packages/bench/src/main.ts',
  chaos: 'packages/chaos/src/main.ts',
  fuzz: 'packages/fuzz/src/main.ts',
  conformance: 'packages/conformance/src/main.ts',
  admin: 'apps/api/src/admin.ts',
  audit: 'apps/api/src/audit/main.ts',
  privacy: 'apps/api/src/privacy/main.ts',
  migrate: 'prisma/migrate.ts',
  verify: 'packages/verify/src/main.ts',
  security: 'packages/security/src/main.ts',
  sbom: 'packages/supply-chain/src/write-sbom.ts',
  format: 'packages/stack/src/format.ts',
  setup: undefined,
};

const [command = '', ...args] = process.argv.slice(2);
if (!(command in commands)) {
  fail(`unknown command "${command}"; one of: ${Object.keys(commands).join(', ')}`);
}
if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Node ${process.versions.node} is too old to begin with; install Node 20 or newer`);
}

process.env.PATH = bin + delimiter + process.env.PATH;
// What Node has compiled once it need not compile again, in whatever process of ours.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'node');
if (!isSetUp()) setUp();
if (commands[command]) {
  const child = spawn(node24, [join(root, commands[command]), ...args], { stdio: 'inherit' });
  // A terminal's Ctrl-C reaches the child by itself; other signals are passed on. Either way we stay until it has
  // ended, since it has servers to stop.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) =>
    fail(`${node24} cannot be started: ${error.message}; delete node_modules and try again`),
  );
  child.on('exit', (code) => process.exit(code ?? 1));
}

function fingerprint() {
  const hash = createHash('sha256').update(process.platform + process.arch);
  const inputs = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    'prisma/package.json',
    'prisma/schema.prisma',
  ];
  for (const group of ['apps', 'packages']) {
    for (const name of readdirSync(join(root, group)).sort()) inputs.push(join(group, name, 'package.json'));
  }
  for (const input of inputs.filter((file) => existsSync(join(root, file)))) {
    hash.update(input).update(readFileSync(join(root, input)));
  }
  return hash.digest('hex');
}

function isSetUp() {
  return existsSync(stamp) && existsSync(node24) && readFileSync(stamp, 'utf8') === fingerprint();
}

function setUp() {
  const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
  process.stderr.write(`Setting up: installing what pnpm-lock.yaml pins, with ${pnpm} …\n`);
  // --prefer-offline: what the lockfile pins never changes, so a cached copy is as good as a fresh one.
  run('npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--prefer-offline']);
  // `prisma generate` needs no engine, but the CLI insists on a path to one; any executable satisfies it.
  run(
    node24,
    [
      join(root, 'prisma/node_modules/prisma/build/index.js'),
      'generate',
      '--no-hints',
      '--schema',
      join(root, 'prisma/schema.prisma'),
    ],
    {
      PRISMA_SCHEMA_ENGINE_BINARY: node24,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  );
  writeFileSync(stamp, fingerprint());
}

function run(file, argv, env = {}) {
  // On a terminal the installer's own progress is shown; elsewhere its words are kept for the case that it fails.
  const stdio = process.stderr.isTTY ? ['ignore', 2, 2] : ['ignore', 'pipe', 'pipe'];
  const child = spawnSync(file, argv, { cwd: root, env: { ...process.env, ...env }, encoding: 'utf8', stdio });
  if (child.status !== 0) {
    fail(
      `set-up stopped at \`${file} ${argv.join(' ')}\`:\n${child.stdout ?? ''}${child.stderr ?? ''}${child.error ?? ''}`,
    );
  }
}

function fail(message) {
  process.stderr.write(`invoicepress: ${message}\n`);
  process.exit(1);
}
