import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';

/** Bounds of what a file or a command may give: bytes, and milliseconds of a command. */
const MAX_BYTES = 65_536;
const COMMAND_TIMEOUT_MS = 10_000;
/** Where a setting comes from is not asked again within so many milliseconds, however many ask. */
const REREAD_MS = 1_000;

type Environment = Record<string, string | undefined>;

/** Says which setting has no value, and why, in words that hold none. */
export class SecretUnavailable extends Error {
  override readonly name = 'SecretUnavailable';
}

/**
 * A setting's value: of the variable NAME, or of the file that NAME_FILE names, or what the command NAME_COMMAND
 * prints. One line break at the end is not part of it. Reading again gives what it is by now.
 *
 * A command is split at spaces, or a JSON array of words; no shell sees it.
 *
 * @throws {SecretUnavailable} several of the three are set, the file cannot be read, the command fails, or they give
 *   nothing or more than 64 KB
 */
export const readSetting = (environment: Environment, name: string): string | undefined => {
  const sources = ['', '_FILE', '_COMMAND'].map((suffix) => name + suffix);
  const given = sources.filter((source) => environment[source]);
  if (given.length > 1) throw new SecretUnavailable(`${name}: give one of ${given.join(' and ')}, not several`);
  const [source] = given;
  const text = source && environment[source];
  if (!source || !text || source === name) return text;
  const value = (source.endsWith('_FILE') ? readBounded(source, text) : run(source, text, environment)).replace(
    /\r?\n$/,
    '',
  );
  if (value === '') throw new SecretUnavailable(`${source}: it gives nothing; it should give the value of ${name}`);
  return value;
};

/** Reads a setting anew, where that is possible: of a file or a command. What is in the environment stays. */
export const readerOf = (environment: Environment, name: string): (() => string) | undefined => {
  if (environment[name]) return undefined;
  let readAt = -Infinity;
  let latest = (): string => '';
  return () => {
    if (performance.now() - readAt >= REREAD_MS) {
      readAt = performance.now();
      latest = outcomeOf(() => readSetting(environment, name) ?? '');
    }
    return latest();
  };
};

/** Gives what `read` gave, or throws what it threw, as often as it is asked. */
const outcomeOf = (read: () => string): (() => string) => {
  try {
    const value = read();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
};

const readBounded = (source: string, path: string): string => {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let length = 0;
  try {
    const file = openSync(path, 'r');
    try {
      for (let read = -1; read !== 0 && length <= MAX_BYTES; length += read)
        read = readSync(file, buffer, length, buffer.length - length, null);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new SecretUnavailable(
      `${source}: the file cannot be read (${codeOf(cause)}); check its path and its rights`,
      { cause },
    );
  }
  if (length > MAX_BYTES) throw new SecretUnavailable(`${source}: the file has more than ${MAX_BYTES} bytes`);
  return buffer.toString('utf8', 0, length);
};

const run = (source: string, command: string, environment: Environment): string => {
  const [program = '', ...words] = wordsOf(source, command);
  try {
    return execFileSync(program, words, {
      encoding: 'utf8',
      timeout: COMMAND_TIMEOUT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_BYTES,
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'], // what it complains of might hold the secret
    });
  } catch (error) {
    // The error itself carries what the command printed, and is not passed on.
    throw new SecretUnavailable(`${source}: the command failed (${codeOf(error)}); run it by hand to see why`);
  }
};

const wordsOf = (source: string, command: string): string[] => {
  if (!command.startsWith('[')) return command.split(/\s+/).filter(Boolean);
  try {
    const words: unknown = JSON.parse(command);
    if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  } catch {
    // Said below, without the text, which may hold a secret.
  }
  throw new SecretUnavailable(`${source}: begins with "[" and is no JSON array of words, such as ["cat","/a b"]`);
};

/** "ENOENT", "exit code 3", "SIGKILL after 10 s". */
const codeOf = (error: unknown): string => {
  const { code, status, signal } = error as { code?: string; status?: number | null; signal?: string | null };
  if (code === 'ETIMEDOUT') return `no end within ${COMMAND_TIMEOUT_MS / 1_000} s`;
  if (code === 'ENOBUFS') return `more than ${MAX_BYTES} bytes`;
  return code ?? (typeof status === 'number' ? `exit code ${status}` : (signal ?? 'no reason given'));
};
