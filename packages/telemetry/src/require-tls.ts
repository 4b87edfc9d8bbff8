import { z } from 'zod';

/** Environment variables that say whether connections may go unprotected. */
export const transitSettings = z.object({
  /** `production` refuses to start with a connection in plaintext that leaves this machine. */
  NODE_ENV: z.string().optional(),
  /** Hosts that may be spoken to in plaintext all the same, for the network to them is private. */
  PLAINTEXT_HOSTS: z
    .string()
    .regex(/^[A-Za-z0-9._:,[\]-]*$/, 'PLAINTEXT_HOSTS must be host names, separated by commas')
    .default('')
    .transform((text) => text.split(',').filter(Boolean)),
  NODE_TLS_REJECT_UNAUTHORIZED: z.string().optional(),
});

type Transit = z.infer<typeof transitSettings> & Record<string, unknown>;

const postgres = 'add sslmode=verify-full to its parameters (and sslrootcert=/path/of/ca.pem for a CA of your own)';
const redis = 'begin it with rediss (rediss://, rediss+sentinel://, rediss+cluster://)';
/** The settings that are addresses of what holds data, and how each is told to use TLS. */
const remedies: Record<string, (url: string) => string> = {
  DATABASE_URL: () => postgres,
  SWEEPER_DATABASE_URL: () => postgres,
  ADMIN_DATABASE_URL: () => postgres,
  QUEUE_URL: (url) => (isPostgres(url) ? postgres : redis),
  STORAGE_URL: () => 'give its endpoint as https://',
  STORAGE_PUBLIC_URL: () => 'give it as https://',
};

/**
 * For `superRefine`: in production, every connection to PostgreSQL, Redis and S3 is by TLS with a verified certificate,
 * but to this machine and to PLAINTEXT_HOSTS. Each fault names its setting and the remedy.
 */
export const requireTls = (settings: Transit, ctx: z.core.$RefinementCtx): void => {
  if (settings.NODE_ENV !== 'production') return;
  const refuse = (name: string, message: string) =>
    ctx.addIssue({ code: 'custom', path: [name], message, input: undefined });
  if (settings.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    refuse(
      'NODE_TLS_REJECT_UNAUTHORIZED',
      'is 0, and no certificate would be verified; remove it, and name a CA of your own in NODE_EXTRA_CA_CERTS',
    );
  for (const [name, remedy] of Object.entries(remedies)) {
    const url = settings[name];
    if (typeof url !== 'string') continue;
    const exposed = hostsInPlaintext(url).filter(
      (host) => !isThisMachine(host) && !settings.PLAINTEXT_HOSTS.includes(host),
    );
    if (exposed.length > 0)
      refuse(
        name,
        `would speak to ${exposed.join(', ')} without verified TLS; ${remedy(url)}, ` +
          'or name the host in PLAINTEXT_HOSTS if the network to it is private',
      );
  }
};

const isPostgres = (url: string): boolean => /^postgres(ql)?:/i.test(url);

/** The hosts that a URL leads to without TLS, or with a certificate that nobody verifies. */
export const hostsInPlaintext = (text: string): string[] => {
  const scheme = /^[a-z][a-z0-9+]*(?=:\/\/)/i.exec(text)?.[0].toLowerCase() ?? '';
  // Several hosts make no URL: redis+cluster://user:password@host:6379,host:6379
  if (scheme.startsWith('redis'))
    return scheme.startsWith('rediss') ? [] : authorityOf(text).split(',').map(withoutPort);
  if (!URL.canParse(text)) return [];
  const { hostname, searchParams } = new URL(text);
  // Other modes of sslmode mean different things to node-postgres and to libpq; this one is the same to both.
  if (isPostgres(text))
    return searchParams.get('sslmode') === 'verify-full' ? [] : [searchParams.get('host') ?? hostname];
  if (scheme === 's3') return hostsInPlaintext(searchParams.get('endpoint') ?? '');
  return scheme === 'http' ? [hostname] : [];
};

const authorityOf = (url: string): string => {
  const [authority = ''] = url.replace(/^[^:]+:\/\//, '').split(/[/?#]/);
  return authority.slice(authority.lastIndexOf('@') + 1);
};

const withoutPort = (host: string): string => host.replace(/:\d+$/, '');

/** Loopback, or a socket in the file system. */
const isThisMachine = (host: string): boolean =>
  host === '' ||
  host.startsWith('/') ||
  host.startsWith('%2F') ||
  /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
