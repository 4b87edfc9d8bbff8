import {
  endOperatorSession,
  openOperatorSession,
  seeOperatorSession,
  type Database,
  type Operator,
} from '@invoicepress/database';
import type { CookieOptions, Request, Response } from 'express';
import { createHash, randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';

/** 256 bits, of which the database has the hash: who reads it there cannot sign in with it. */
const ID_BYTES = 32;

/** People's sessions at the pages for operators: a random id in a cookie, everything else in the database. */
export interface Sessions {
  /** Signs in, with an id of its own; a session that was there is over. @returns false when the link was used before */
  begin(req: Request, res: Response, operator: Operator, linkId?: string): Promise<boolean>;
  /** Undefined when there is none, it has ended, or was idle for too long. */
  operatorOf(req: Request): Promise<Operator | undefined>;
  end(req: Request, res: Response): Promise<void>;
}

export const createSessions = (
  database: Database,
  config: Pick<Config, 'PUBLIC_URL' | 'SESSION_SECONDS' | 'SESSION_IDLE_SECONDS'>,
): Sessions => {
  const { name, options } = cookieFor(config, 'session');
  const current = (req: Request): Uint8Array | undefined => {
    const id = cookieOf(req, name);
    return id === undefined || id.length > 100 ? undefined : hash(id);
  };
  const end = async (req: Request): Promise<void> => {
    const idHash = current(req);
    if (idHash) await endOperatorSession(database, idHash);
  };
  return {
    begin: async (req, res, operator, linkId) => {
      const id = randomBytes(ID_BYTES).toString('base64url');
      const seconds = config.SESSION_SECONDS;
      if (!(await openOperatorSession(database, { idHash: hash(id), operator, linkId: linkId ?? null, seconds })))
        return false;
      await end(req);
      res.cookie(name, id, { ...options, maxAge: seconds * 1_000 });
      return true;
    },
    operatorOf: async (req) => {
      const idHash = current(req);
      const idleSeconds = config.SESSION_IDLE_SECONDS;
      return (idHash && (await seeOperatorSession(database, { idHash, idleSeconds }))) ?? undefined;
    },
    end: async (req, res) => {
      await end(req);
      res.clearCookie(name, options);
    },
  };
};

const hash = (id: string): Uint8Array => createHash('sha256').update(id).digest();

/**
 * Of this host alone (`__Host-`, RFC 6265bis), where it comes over TLS; no script reads it. Lax, for Strict would not
 * travel with the redirect that ends at the pages after the identity provider.
 */
export const cookieFor = (
  { PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>,
  what: string,
): { name: string; options: CookieOptions } => {
  const secure = PUBLIC_URL.startsWith('https:');
  return {
    name: `${secure ? '__Host-' : ''}invoicepress_${what}`,
    options: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
  };
};

export const cookieOf = (req: Request, name: string): string | undefined =>
  req.headers.cookie
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
