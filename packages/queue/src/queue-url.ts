/**
 * `QUEUE_URL` chooses the backend. The forms, with user, password and parameters optional:
 *
 *     redis://user:password@host:6379/0                       rediss:// for TLS
 *     redis+sentinel://user:password@host:26379,host:26379/master-name?sentinelPassword=…&db=0
 *     redis+cluster://user:password@host:6379,host:6379       rediss+sentinel:// and rediss+cluster:// for TLS
 *     postgres://user:password@host:5432/database             parameters as node-postgres reads them (sslmode=…)
 *
 * No message here repeats the URL or a part of it, for it may carry a password.
 */
export interface HostAndPort {
  host: string;
  port: number;
}

interface RedisAccess {
  username?: string;
  password?: string;
  tls: boolean;
}

export type QueueTarget =
  | ({ kind: 'redis'; address: HostAndPort; db: number } & RedisAccess)
  | ({
      kind: 'sentinel';
      sentinels: HostAndPort[];
      master: string;
      db: number;
      sentinelUsername?: string;
      sentinelPassword?: string;
    } & RedisAccess)
  | ({ kind: 'cluster'; nodes: HostAndPort[] } & RedisAccess)
  | { kind: 'postgres'; connectionString: string };

export class QueueUrlError extends Error {
  override readonly name = 'QueueUrlError';
}

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;
const REDIS_SCHEMES = new Set([
  'redis',
  'rediss',
  'redis+sentinel',
  'rediss+sentinel',
  'redis+cluster',
  'rediss+cluster',
]);
const FORMS = 'redis://, rediss://, redis+sentinel://, redis+cluster:// or postgres://';

/** @throws QueueUrlError that says what is wrong and what to write instead, without the URL itself. */
export const parseQueueUrl = (url: string): QueueTarget => {
  const scheme = /^([a-z+]+):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'postgres' || scheme === 'postgresql') return postgresTarget(url);
  if (scheme === undefined || !REDIS_SCHEMES.has(scheme)) {
    throw new QueueUrlError(`must be a URL that begins with ${FORMS}`);
  }
  return redisTarget(scheme, url.slice(scheme.length + '://'.length));
};

const postgresTarget = (url: string): QueueTarget => {
  if (!URL.canParse(url)) {
    throw new QueueUrlError(
      'is not a readable URL; write postgres://user:password@host:5432/database and percent-encode special characters',
    );
  }
  return { kind: 'postgres', connectionString: url };
};

/** A URL with several hosts is no URL to `new URL`, so the hosts are taken out and read on their own. */
const redisTarget = (scheme: string, rest: string): QueueTarget => {
  const [authority = ''] = /^[^/?#]*/.exec(rest) ?? [];
  const at = authority.lastIndexOf('@');
  const userInfo = at < 0 ? undefined : authority.slice(0, at);
  const hosts = authority.slice(at + 1);
  const tail = rest.slice(authority.length);
  const { pathname, searchParams } = new URL(tail, 'redis://host');
  const access = { ...credentials(userInfo), tls: scheme.startsWith('rediss') };

  if (scheme.endsWith('+cluster')) {
    if (pathname.length > 1 && pathname !== '/0') {
      throw new QueueUrlError('names a database, which Redis Cluster does not have; leave the path out');
    }
    return { kind: 'cluster', nodes: addresses(hosts, REDIS_PORT), ...access };
  }
  if (scheme.endsWith('+sentinel')) {
    const master = decode(pathname.slice(1));
    if (!master)
      throw new QueueUrlError('lacks the name of the master; write redis+sentinel://host:26379,host:26379/master-name');
    const sentinelUsername = searchParams.get('sentinelUsername');
    const sentinelPassword = searchParams.get('sentinelPassword');
    return {
      kind: 'sentinel',
      sentinels: addresses(hosts, SENTINEL_PORT),
      master,
      db: databaseNumber(searchParams.get('db') ?? ''),
      ...(sentinelUsername !== null && { sentinelUsername }),
      ...(sentinelPassword !== null && { sentinelPassword }),
      ...access,
    };
  }
  const [address, ...others] = addresses(hosts, REDIS_PORT);
  if (address === undefined || others.length > 0) {
    throw new QueueUrlError('names several hosts; write redis+sentinel:// or redis+cluster:// for those');
  }
  return { kind: 'redis', address, db: databaseNumber(pathname.slice(1)), ...access };
};

const credentials = (userInfo: string | undefined): { username?: string; password?: string } => {
  if (userInfo === undefined) return {};
  const colon = userInfo.indexOf(':');
  const username = decode(colon < 0 ? userInfo : userInfo.slice(0, colon));
  const password = colon < 0 ? '' : decode(userInfo.slice(colon + 1));
  return { ...(username && { username }), ...(password && { password }) };
};

const addresses = (hosts: string, defaultPort: number): HostAndPort[] =>
  hosts.split(',').map((host) => {
    const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(host.trim()) ?? [];
    const name = bracketed ?? plain;
    const number = port === undefined ? defaultPort : Number(port);
    if (name === undefined || number < 1 || number > 65_535) {
      throw new QueueUrlError(
        'has a host that cannot be read; write host:port, an IPv6 address in brackets, and several hosts with commas between',
      );
    }
    return { host: name, port: number };
  });

const databaseNumber = (text: string): number => {
  if (!/^\d{0,4}$/.test(text))
    throw new QueueUrlError('names a Redis database that is not a number; write redis://host:6379/0');
  return Number(text);
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new QueueUrlError(
      'has a stray % in it; percent-encode the special characters of user, password and name (% is %25)',
    );
  }
};
