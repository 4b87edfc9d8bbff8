import { storageSettings, type StorageSettings } from '../src/index.ts';

/** Settings as an app would parse them from its environment. */
export const someSettings = (environment: Record<string, string>): StorageSettings =>
  storageSettings.parse(environment);
