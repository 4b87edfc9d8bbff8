/**
 * A database's definitions as PostgreSQL itself would print them, so that two databases can be compared. This sees what
 * Prisma's model does not: policies, grants, owners, triggers, functions, checks.
 */
import { readFile } from 'node:fs/promises';
import type pg from 'pg';

/** Definitions by what they define: "policy invoice.tenant_isolation" -> "FOR ALL TO public USING (…)". */
export type Catalog = Map<string, string>;

const statement = new URL('./catalog.sql', import.meta.url);

/** Reads the definitions in schema `public`, except Prisma's ledger, and the standing of the roles of Invoicepress. */
export const readCatalog = async (client: pg.Client): Promise<Catalog> => {
  const sql = await readFile(statement, 'utf8');
  // Names print with their schema only if it is not on the search path, so the path must be the same everywhere.
  await client.query('SET search_path = public');
  const { rows } = await client.query<{ subject: string; definition: string }>(sql);
  return new Map(rows.map(({ subject, definition }) => [subject, definition]));
};

/** What differs, as sentences, sorted by subject; empty when both say the same. */
export const compareCatalogs = (expected: Catalog, actual: Catalog): string[] => {
  const subjects = [...new Set([...expected.keys(), ...actual.keys()])].sort();
  return subjects.flatMap((subject) => difference(subject, expected.get(subject), actual.get(subject)));
};

const difference = (subject: string, expected: string | undefined, actual: string | undefined): string[] => {
  if (expected === actual) return [];
  if (actual === undefined) return [`- ${subject} is missing; the migrations make it: ${expected}`];
  if (expected === undefined) return [`+ ${subject} comes from no migration: ${actual}`];
  return [`~ ${subject} is: ${actual}\n  but the migrations make it: ${expected}`];
};
