/** The service that is fuzzed: the embedded stack, with two tenants, of which one is attacked from and one is a stranger. */
import { createTenant, type EmbeddedStack } from '@invoicepress/stack/embedded';
import { randomBytes } from 'node:crypto';
import { baseOf } from './bases.ts';

export interface Known {
  apiUrl: string;
  host: string;
  /** Of the tenant that the requests come from. */
  token: string;
  /** Ids of its own that a path may have. */
  idsFor(path: string): string[];
  /** Of the other tenant. */
  foreignIds: string[];
  /** Of the other tenant's data, which no answer may hold. */
  canaries: string[];
  /** Which neither an answer nor a log may hold. */
  secrets: string[];
}

export interface Settled {
  known: Known;
  tenants: { attacker: string; stranger: string };
}

const call = async (apiUrl: string, token: string, method: string, path: string, body?: unknown) => {
  const answer = await fetch(apiUrl + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text) as { id: string; secret?: string };
};

const signIn = async (apiUrl: string, { clientId, clientSecret }: { clientId: string; clientSecret: string }) => {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const answer = await fetch(`${apiUrl}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`no token: the API answered ${answer.status}`);
  return token;
};

/** Both tenants get one of everything that has an id. */
export const settle = async (stack: EmbeddedStack): Promise<Settled> => {
  const { apiUrl } = stack;
  const furnish = async (slug: string, name: string, mark: string) => {
    const credentials = await createTenant(stack, { slug, name, client: slug });
    const token = await signIn(apiUrl, credentials);
    const make = (path: string, body: unknown) => call(apiUrl, token, 'POST', path, body);
    const draft = baseOf('submitInvoice', `${mark}/1`) as { buyer: object };
    await make('/v1/number-series', { name: 'fuzz', prefix: `${mark}-`, padding: 6 });
    const invoice = await make('/v1/invoices', { ...draft, buyer: { ...draft.buyer, name: `${mark} buyer` } });
    const hook = await make('/v1/webhook-endpoints', { url: `http://127.0.0.1:9/${mark}` });
    const exported = await make('/v1/exports', baseOf('createExport', mark));
    return {
      credentials,
      token,
      ids: { invoices: invoice.id, 'webhook-endpoints': hook.id, exports: exported.id },
      hook,
    };
  };
  const mark = `CANARY${randomBytes(6).toString('hex').toUpperCase()}`;
  const attacker = await furnish('fuzz', 'Fuzz', 'OWN');
  const stranger = await furnish('stranger', `${mark} Ltd`, mark);
  const own: Record<string, string> = attacker.ids;
  return {
    known: {
      apiUrl,
      host: new URL(apiUrl).host,
      token: attacker.token,
      idsFor: (path) => {
        const id = own[path.split('/')[2] ?? ''];
        const unknown = '0193b6f0-1111-7000-8000-000000000001';
        return id === undefined ? [unknown] : [id, id, id, unknown];
      },
      foreignIds: Object.values(stranger.ids),
      canaries: [mark, ...Object.values(stranger.ids)],
      secrets: [
        attacker.credentials.clientSecret,
        stranger.credentials.clientSecret,
        ...(stranger.hook.secret === undefined ? [] : [stranger.hook.secret]),
        new URL(stack.ownerUrl).password,
      ],
    },
    tenants: { attacker: 'fuzz', stranger: 'stranger' },
  };
};
