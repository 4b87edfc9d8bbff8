/** Something that the operator can mend: the command prints the message alone, without a stack. */
export class MigrateError extends Error {
  override name = 'MigrateError';
}

/** The SQLSTATE of an error from the server or its driver, such as "42501". */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** What the schema engine says, without the trace of its own source; with the migration that it was busy with. */
export const engineMessage = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  const migration = /migration_name="([^"]+)"/.exec(text)?.[1];
  const said = text
    .replace(/\n\s+0: \w+::[\s\S]*$/, '')
    .replace(/^external connector error\s+/, '')
    .replace(/Error querying the database: ERROR: /, '');
  return migration === undefined ? said.trim() : `${migration}: ${said.trim()}`;
};
