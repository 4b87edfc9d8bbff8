import { publicKeysIn } from '@invoicepress/proof';
import { createPublicKey } from 'node:crypto';
import { z } from 'zod';

/** Public keys beside the signing one: those before it, and the next. */
const MAX_OTHER_KEYS = 8;

const flag = (name: string) =>
  z
    .enum(['true', 'false'], { error: `${name} is neither true nor false` })
    .transform((text) => text === 'true')
    .default(false);
const httpUrl = (name: string) => z.url({ protocol: /^https?$/, error: `${name} is no https:// URL` }).max(500);
const claim = (name: string) => z.string().regex(/^[\w:/.-]{1,100}$/, `${name} is no name of a claim`);

/** "theirs=ours theirs=ours" */
const scopeMap = z.string().transform((text, context) => {
  const pairs = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((pair) => pair.split('='));
  if (pairs.some((pair) => pair.length !== 2 || pair.includes('')))
    context.addIssue({ code: 'custom', message: 'IDP_SCOPE_MAP is no list such as "Invoices.Write=invoices:write"' });
  return new Map(pairs.map(([theirs = '', ours = '']) => [theirs, ours]));
});

/** Values of a claim, apart by commas. */
const values = z.string().transform((text) =>
  text
    .split(',')
    .map((value) => value.trim())
    .filter(Boolean),
);

export const callerSettings = z.object({
  /** Public keys whose tokens count beside the signing key's: P-256, PEM (SPKI), one after the other. */
  JWT_OTHER_PUBLIC_KEYS: z
    .string()
    .transform((text) => text.replaceAll(String.raw`\n`, '\n'))
    .refine(
      everyKeyIsP256,
      `JWT_OTHER_PUBLIC_KEYS are not up to ${MAX_OTHER_KEYS} P-256 public keys in PEM; a private key gives its own with: openssl pkey -pubout`,
    )
    .default(''),
  /** An identity provider whose access tokens count beside ours. */
  IDP_ISSUER: httpUrl('IDP_ISSUER').optional(),
  IDP_JWKS_URL: httpUrl('IDP_JWKS_URL').optional(),
  IDP_AUDIENCE: z.string().min(1).max(500).optional(),
  /** The `typ` of its access tokens; some say no more than JWT. */
  IDP_TOKEN_TYPE: z
    .string()
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(['at+jwt', 'jwt'], { error: 'IDP_TOKEN_TYPE is neither at+jwt nor JWT' }))
    .default('at+jwt'),
  IDP_CLIENT_CLAIM: claim('IDP_CLIENT_CLAIM').default('client_id'),
  IDP_TENANT_CLAIM: claim('IDP_TENANT_CLAIM').optional(),
  IDP_SCOPE_CLAIM: claim('IDP_SCOPE_CLAIM').default('scope'),
  IDP_SCOPE_MAP: scopeMap.optional(),
  /** Seconds after which its tokens are refused, whatever they say. */
  IDP_TOKEN_MAX_SECONDS: z.coerce.number().int().min(60).max(7_200).default(3_600),
  /** Seconds between two fetches of its keys, whoever asks for an unknown one and whatever came of the last. */
  IDP_KEYS_COOLDOWN_SECONDS: z.coerce.number().int().min(1).max(300).default(10),
  /** Where people sign in, by OpenID Connect. */
  OIDC_ISSUER: httpUrl('OIDC_ISSUER').optional(),
  OIDC_CLIENT_ID: z.string().min(1).max(500).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).max(1_000).optional(),
  OIDC_SCOPE: z.string().min(1).max(500).default('openid profile'),
  OIDC_ROLE_CLAIM: claim('OIDC_ROLE_CLAIM').default('roles'),
  OIDC_VIEWER_VALUES: values.default([]),
  OIDC_OPERATOR_VALUES: values.default([]),
  /** Lets both of them be on this machine, without TLS. */
  IDENTITY_ALLOW_LOOPBACK: flag('IDENTITY_ALLOW_LOOPBACK'),
  SESSION_IDLE_SECONDS: z.coerce.number().int().min(60).max(28_800).default(1_800),
  SESSION_SECONDS: z.coerce.number().int().min(300).max(86_400).default(28_800),
  /** The API's own certificate chain and its key, PEM files. */
  TLS_CERTIFICATE_FILE: z.string().min(1).optional(),
  TLS_KEY_FILE: z.string().min(1).optional(),
});
export type CallerSettings = z.infer<typeof callerSettings>;
type Given<Name extends keyof CallerSettings> = CallerSettings & { [K in Name]-?: NonNullable<CallerSettings[K]> };
export type ExternalSettings = Given<'IDP_ISSUER' | 'IDP_JWKS_URL' | 'IDP_AUDIENCE'>;
export type OidcSettings = Given<'OIDC_ISSUER' | 'OIDC_CLIENT_ID'>;

const together = [
  ['IDP_ISSUER', 'IDP_JWKS_URL', 'IDP_AUDIENCE'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID'],
  ['TLS_CERTIFICATE_FILE', 'TLS_KEY_FILE'],
] as const;

/** What belongs together is given together, and what is believed comes over TLS. */
export const checkCallerSettings = (
  settings: CallerSettings & { PUBLIC_URL: string },
  context: z.RefinementCtx,
): void => {
  const fault = (name: string, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message: `${name} ${message}` });
  for (const group of together)
    for (const name of group)
      if (settings[name] === undefined && group.some((other) => settings[other] !== undefined))
        fault(name, `is missing; ${group.join(', ')} go together`);
  for (const name of ['IDP_ISSUER', 'IDP_JWKS_URL', 'OIDC_ISSUER'] as const) {
    const url = settings[name];
    if (url !== undefined && !isTrusted(url, settings.IDENTITY_ALLOW_LOOPBACK))
      fault(name, 'has to begin with https://; http:// is for this machine, with IDENTITY_ALLOW_LOOPBACK=true');
  }
  if (settings.TLS_CERTIFICATE_FILE !== undefined && !settings.PUBLIC_URL.startsWith('https:'))
    fault('PUBLIC_URL', 'has to begin with https://, since TLS_CERTIFICATE_FILE is given');
  if (settings.IDP_ISSUER !== undefined && settings.IDP_ISSUER === settings.PUBLIC_URL)
    fault('IDP_ISSUER', 'is PUBLIC_URL, which is the issuer of our own tokens');
  if (
    settings.OIDC_ISSUER !== undefined &&
    [...settings.OIDC_VIEWER_VALUES, ...settings.OIDC_OPERATOR_VALUES].length === 0
  )
    fault('OIDC_OPERATOR_VALUES', 'and OIDC_VIEWER_VALUES are missing: nobody could sign in');
};

const isTrusted = (url: string, allowLoopback: boolean): boolean => {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (allowLoopback && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));
};

export const hasExternal = (settings: CallerSettings): settings is ExternalSettings =>
  settings.IDP_ISSUER !== undefined;
export const hasOidc = (settings: CallerSettings): settings is OidcSettings => settings.OIDC_ISSUER !== undefined;

function everyKeyIsP256(keys: string): boolean {
  const found = publicKeysIn(keys);
  return found.length > 0 && found.length <= MAX_OTHER_KEYS && found.every(isP256Public);
}

function isP256Public(pem: string): boolean {
  try {
    return createPublicKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}
