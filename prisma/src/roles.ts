import type pg from 'pg';
import { withClient } from './connection.ts';
import { MigrateError, sqlState } from './failure.ts';
import { withMigrationLock } from './lock.ts';
import { scramVerifier } from './scram.ts';

/** The roles that processes sign in as. The migrations create them without LOGIN and give them their grants. */
export const roleNames = ['api', 'worker', 'sweeper', 'auditor', 'queue', 'privacy'] as const;
export type RoleName = (typeof roleNames)[number];

/** Passwords by role; a role that is left out is left as it is. */
export type RolePasswords = Partial<Record<RoleName, string>>;

/** "invoicepress_api" for 'api'. */
export const databaseRole = (role: RoleName): string => `invoicepress_${role}`;

/** The environment variable that gives a role its password. */
export const passwordVariable = (role: RoleName): string => `${role.toUpperCase()}_DATABASE_PASSWORD`;

/** Short ones fall to guessing; the upper bound is PostgreSQL's practical one for a connection string. */
const passwordLength = { min: 12, max: 512 };

/**
 * Lets roles sign in, each with its password. Repeating it changes passwords; open connections stay.
 * @throws MigrateError that names every faulty password's variable, or says which role is missing or out of reach.
 */
export const setRolePasswords = async (url: string, passwords: RolePasswords): Promise<RoleName[]> => {
  const faults = roleNames.flatMap((role) => passwordFault(role, passwords[role]));
  if (faults.length > 0) throw new MigrateError(faults.join('\n'));
  const chosen = roleNames.filter((role) => passwords[role] !== undefined);
  await withMigrationLock(
    url,
    () => {},
    () =>
      withClient(url, async (client) => {
        for (const role of chosen) await setPassword(client, role, passwords[role] ?? '');
      }),
  );
  return chosen;
};

const passwordFault = (role: RoleName, password: string | undefined): string[] => {
  if (password === undefined) return [];
  const sound =
    /^[\x21-\x7e]+$/.test(password) && password.length >= passwordLength.min && password.length <= passwordLength.max;
  if (sound) return [];
  return [
    `${passwordVariable(role)} must be ${passwordLength.min} to ${passwordLength.max} printable ASCII characters without spaces; ` +
      'make one with: openssl rand -hex 24',
  ];
};

const setPassword = async (client: pg.Client, role: RoleName, password: string): Promise<void> => {
  const name = databaseRole(role);
  try {
    await client.query(`ALTER ROLE ${name} LOGIN PASSWORD ${client.escapeLiteral(scramVerifier(password))}`);
  } catch (error) {
    throw new MigrateError(roleFault(name, error), { cause: error });
  }
};

const roleFault = (name: string, error: unknown): string => {
  if (sqlState(error) === '42704')
    return `The role ${name} does not exist yet. Run \`npm run migrate -- deploy\` first: the migrations create it.`;
  if (sqlState(error) === '42501') {
    return (
      `This database user may not change the role ${name}: it needs CREATEROLE, and the role's admin option if another user created it. ` +
      `As a superuser: GRANT ${name} TO invoicepress_migrator WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`
    );
  }
  return `The password of ${name} was not set: ${error instanceof Error ? error.message : String(error)}`;
};
