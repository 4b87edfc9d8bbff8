/** Turns an empty server into the database of Invoicepress. */
import { randomBytes } from 'node:crypto';
import {
  databaseRole,
  deploy,
  type RoleName,
  roleNames,
  type RolePasswords,
  scramVerifier,
  setRolePasswords,
} from '@invoicepress/prisma';
import pg from 'pg';

const migratorRole = 'invoicepress_migrator';

/** One URL per role of the database; each holds that role's password. `migrator` owns the tables. */
export type RoleUrls = Record<RoleName | 'migrator', string>;

/**
 * Creates the migrator role and the database if they are missing, applies the migrations and lets every role sign in.
 * Repeating it keeps the data and changes the passwords: whoever calls it is the only one who knows them.
 * Passwords are random unless `passwords` gives them.
 */
export const provision = async (
  superuserUrl: string,
  database = 'invoicepress',
  {
    passwords = {},
    report = () => {},
  }: { passwords?: RolePasswords & { migrator?: string }; report?: (line: string) => void } = {},
): Promise<RoleUrls> => {
  const { migrator = randomPassword(), ...given } = passwords;
  await createMigratorAndDatabase(superuserUrl, database, migrator);
  const urlOf = (role: string, password: string): string => {
    const url = new URL(superuserUrl);
    url.username = role;
    url.password = encodeURIComponent(password);
    url.pathname = `/${encodeURIComponent(database)}`;
    return url.href;
  };
  const migratorUrl = urlOf(migratorRole, migrator);
  await deploy(migratorUrl, { report });
  const chosen = Object.fromEntries(roleNames.map((role) => [role, given[role] ?? randomPassword()])) as Record<
    RoleName,
    string
  >;
  await setRolePasswords(migratorUrl, chosen);
  const urls = Object.fromEntries(roleNames.map((role) => [role, urlOf(databaseRole(role), chosen[role])])) as Record<
    RoleName,
    string
  >;
  return { migrator: migratorUrl, ...urls };
};

const randomPassword = (): string => randomBytes(24).toString('base64url');

const createMigratorAndDatabase = async (superuserUrl: string, database: string, password: string): Promise<void> => {
  const client = new pg.Client({ connectionString: superuserUrl, application_name: 'invoicepress-provision' });
  await client.connect();
  try {
    const role = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [migratorRole]);
    // CREATEDB is for the shadow databases of `migrate drift` and `migrate dev`.
    const attributes = `LOGIN CREATEROLE CREATEDB NOSUPERUSER NOBYPASSRLS PASSWORD ${client.escapeLiteral(scramVerifier(password))}`;
    await client.query(`${role.rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${migratorRole} ${attributes}`);
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0)
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)} OWNER ${migratorRole}`);
  } finally {
    await client.end();
  }
};
