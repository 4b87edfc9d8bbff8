import { readSetting, SecretUnavailable } from '@invoicepress/telemetry/secret-sources';
import { MigrateError } from './failure.ts';

/**
 * Settings of the migrate command, each from its variable, a file (NAME_FILE) or a command (NAME_COMMAND), as every
 * other program reads its own (docs/secrets.md). What nobody gives, or gives empty, is left out.
 * @throws MigrateError that names every one that cannot be had, with the reason and without a value.
 */
export const readSettings = <Name extends string>(
  environment: NodeJS.ProcessEnv,
  names: readonly Name[],
): Partial<Record<Name, string>> => {
  const settings: Partial<Record<Name, string>> = {};
  const faults: string[] = [];
  for (const name of names) {
    try {
      const value = readSetting(environment, name);
      if (value) settings[name] = value;
    } catch (error) {
      if (!(error instanceof SecretUnavailable)) throw error;
      faults.push(error.message);
    }
  }
  if (faults.length > 0) throw new MigrateError(`${faults.length} setting(s) are wrong:\n  ${faults.join('\n  ')}`);
  return settings;
};
