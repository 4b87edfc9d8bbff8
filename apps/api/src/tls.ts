import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server as HttpsServer } from 'node:https';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Config } from './config.ts';

/** Milliseconds between two looks at the files; SIGHUP makes it look at once. */
const WATCH_MS = 10_000;

export interface TlsFiles {
  certificate: string;
  key: string;
}

/** The files of the API's certificate, when it serves TLS itself. */
export const tlsFiles = ({
  TLS_CERTIFICATE_FILE: certificate,
  TLS_KEY_FILE: key,
}: Partial<Pick<Config, 'TLS_CERTIFICATE_FILE' | 'TLS_KEY_FILE'>>): TlsFiles | undefined =>
  certificate !== undefined && key !== undefined ? { certificate, key } : undefined;

/** The files were not what they should be; the message says which setting names them, and nothing of what is in them. */
export class TlsFilesError extends Error {
  override readonly name = 'TlsFilesError';
}

/** TLS 1.2 and newer (RFC 9325, 3.1.1). @throws {TlsFilesError} unless both are there and belong together */
export const readTls = ({ certificate, key }: TlsFiles): SecureContextOptions => {
  try {
    const options = { cert: readFileSync(certificate), key: readFileSync(key), minVersion: 'TLSv1.2' } as const;
    createSecureContext(options);
    return options;
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new TlsFilesError(
      `TLS_CERTIFICATE_FILE and TLS_KEY_FILE are no certificate chain and its key, in PEM, that can be read (${code})`,
    );
  }
};

/** What is told of the files: that new ones are in use, or that they cannot be used. */
export interface TlsEvents {
  onReload: () => void;
  onError: (error: Error) => void;
}

/** New connections get what the files hold now; if they hold nothing that fits, what they held before. */
export const followTls = (
  server: HttpsServer,
  files: TlsFiles,
  { onReload, onError }: TlsEvents = { onReload: () => {}, onError: () => {} },
): Disposable => {
  const reload = () => {
    try {
      server.setSecureContext(readTls(files));
      onReload();
    } catch (error) {
      onError(error as Error);
    }
  };
  const paths = [files.certificate, files.key];
  for (const path of paths) watchFile(path, { interval: WATCH_MS, persistent: false }, reload);
  process.on('SIGHUP', reload);
  return {
    [Symbol.dispose]() {
      for (const path of paths) unwatchFile(path, reload);
      process.off('SIGHUP', reload);
    },
  };
};
