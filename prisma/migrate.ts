/** `npm run migrate -- <command>`: see `usage` below. */
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { poolConfig } from './src/connection.ts';
import {
  createMigration,
  deploy,
  findDrift,
  MigrateError,
  migrationStatus,
  resolveFailed,
  roleNames,
  type RolePasswords,
  setRolePasswords,
} from './src/index.ts';
import { passwordVariable } from './src/roles.ts';
import { readSettings } from './src/settings.ts';

const usage = `npm run migrate -- <command> [--database-url <url>]

  deploy                    apply what is pending; safe to start many times at once
  status                    list applied, pending, failed and edited migrations; exits 1 unless all is applied
  drift                     compare the database and schema.prisma with the migrations; exits 1 when they differ
  dev --name <what_it_does> write a migration that leads to schema.prisma (to be read and completed, then deployed)
  roles                     let the roles sign in: ${roleNames.map(passwordVariable).join(', ')}
  resolve --rolled-back <migration> | --applied <migration>
                            say how a failed migration was dealt with

The URL defaults to MIGRATOR_DATABASE_URL and connects directly, not through a transaction pooler. It and the passwords
may come from a file or a command: MIGRATOR_DATABASE_URL_FILE, MIGRATOR_DATABASE_URL_COMMAND (docs/secrets.md).`;

const options = {
  'database-url': { type: 'string' },
  name: { type: 'string' },
  'rolled-back': { type: 'string' },
  applied: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

interface Invocation {
  url: string;
  values: { name?: string | undefined; 'rolled-back'?: string | undefined; applied?: string | undefined };
}

/** Each resolves to the exit code. */
const commands: Record<string, (invocation: Invocation) => Promise<number>> = {
  async deploy({ url }) {
    await deploy(url, { report: (line) => say(`migrate: ${line}`) });
    return 0;
  },

  async status({ url }) {
    const { applied, pending, failed, edited, unknown } = await migrationStatus(url);
    const lists = {
      applied,
      pending,
      failed,
      'edited after it was applied': edited,
      'applied but not in this checkout': unknown,
    };
    for (const [state, names] of Object.entries(lists)) for (const name of names) say(`${name}  ${state}`);
    return pending.length + failed.length + edited.length === 0 ? 0 : 1;
  },

  async drift({ url }) {
    const { database, roles, schema } = await findDrift(url);
    for (const finding of [...database, ...roles]) say(finding);
    if (schema !== '')
      say(`schema.prisma asks for what no migration does (npm run migrate -- dev --name …):\n${schema}`);
    if (database.length + roles.length === 0 && schema === '') say('migrate: no drift');
    return database.length + roles.length === 0 && schema === '' ? 0 : 1;
  },

  async dev({ url, values }) {
    if (values.name === undefined)
      throw new MigrateError('dev needs a name for the migration: npm run migrate -- dev --name add_due_date');
    const file = await createMigration(url, values.name);
    if (file === undefined) say('migrate: schema.prisma asks for nothing new; no migration was written');
    else
      say(
        `migrate: wrote ${relative(process.cwd(), file)}\nAdd what Prisma does not model (grants, policies, triggers), then run: npm run migrate -- deploy`,
      );
    return 0;
  },

  async roles({ url }) {
    const passwords = passwordsFromEnvironment();
    if (Object.keys(passwords).length === 0) {
      throw new MigrateError(`No password is given. Set one or more of ${roleNames.map(passwordVariable).join(', ')}.`);
    }
    const changed = await setRolePasswords(url, passwords);
    say(`migrate: may sign in now: ${changed.join(', ')}`);
    return 0;
  },

  async resolve({ url, values }) {
    const { 'rolled-back': rolledBack, applied } = values;
    const name = rolledBack ?? applied;
    if (name === undefined || (rolledBack !== undefined && applied !== undefined)) {
      throw new MigrateError('resolve needs either --rolled-back <migration> or --applied <migration>.');
    }
    await resolveFailed(url, name, rolledBack === undefined ? 'applied' : 'rolled-back');
    say(`migrate: ${name} is marked as ${rolledBack === undefined ? 'applied' : 'rolled back'}`);
    return 0;
  },
};

const passwordsFromEnvironment = (): RolePasswords => {
  const given = readSettings(process.env, roleNames.map(passwordVariable));
  const passwords: RolePasswords = {};
  for (const role of roleNames) {
    const value = given[passwordVariable(role)];
    if (value !== undefined) passwords[role] = value;
  }
  return passwords;
};

const parse = () => {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new MigrateError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
};

const main = async (): Promise<number> => {
  const { values, positionals } = parse();
  if (values.help) {
    say(usage);
    return 0;
  }
  const [name = '', ...rest] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined || rest.length > 0) throw new MigrateError(usage);
  const url = values['database-url'] ?? readSettings(process.env, ['MIGRATOR_DATABASE_URL']).MIGRATOR_DATABASE_URL;
  if (url === undefined || url === '') {
    throw new MigrateError(
      'Which database? Set MIGRATOR_DATABASE_URL, or MIGRATOR_DATABASE_URL_FILE or _COMMAND, or give --database-url postgresql://user:password@host:5432/database',
    );
  }
  poolConfig(url);
  return command({ url, values });
};

try {
  process.exitCode = await main();
} catch (error) {
  const message =
    error instanceof MigrateError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`migrate: ${message}\n`);
  process.exitCode = 1;
}
