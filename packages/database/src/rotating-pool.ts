import { callbackify } from 'node:util';
import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { errorCodes } from './contention.ts';

/** What PostgreSQL says to a password that is wrong, or not right any more. */
const INVALID_PASSWORD = '28P01';

/**
 * A pool that survives a change of its role's password: when the server refuses the one that it knows, `readAgain`
 * gives the URL as it is by now, and the connection is tried once more with that one's password. Nobody who waits for a
 * connection sees the refusal. Open connections stay: PostgreSQL asks for a password at their beginning alone.
 */
export const rotatingPool = (url: string, readAgain: () => string, config: PoolConfig): Pool => {
  let { password } = parseIntoClientConfig(url);
  const pool = new Pool({
    ...config,
    ...parseIntoClientConfig(url),
    password: () => (typeof password === 'string' ? password : ''),
  });
  const connectOnce = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const refresh = (): boolean => {
    try {
      ({ password } = parseIntoClientConfig(readAgain()));
      return true;
    } catch {
      return false; // then the refusal is what there is to say
    }
  };
  const connect = (): Promise<PoolClient> =>
    connectOnce().catch((error: unknown) => {
      if (!errorCodes(error).includes(INVALID_PASSWORD) || !refresh()) throw error;
      return connectOnce();
    });
  // pg's own `query` asks by callback.
  const byCallback = callbackify(connect);
  const asked = (callback?: Parameters<typeof byCallback>[0]): Promise<PoolClient> | void =>
    callback ? byCallback(callback) : connect();
  pool.connect = asked as Pool['connect'];
  return pool;
};
