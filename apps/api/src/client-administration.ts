import { uuid } from '@invoicepress/client';
import {
  linkExternalClient,
  listClientSecrets,
  MAX_SECRETS,
  revokeClientSecret,
  rotateClientSecret,
  unlinkExternalClient,
  type Database,
} from '@invoicepress/database';
import { tenantOf } from './administration.ts';
import { createClientSecret } from './auth/client-secret.ts';

/** Hours for which the secret before stays good: a week unless told otherwise, 90 days at most. */
const GRACE_HOURS = 168;
const MAX_GRACE_HOURS = 2_160;

interface OfClient {
  tenant: string;
  clientId: string;
}

/** Gives the client another secret, which is known to the caller alone. @throws with the remedy */
export const giveSecret = async (
  database: Database,
  { graceHours = String(GRACE_HOURS), ...of }: OfClient & { graceHours?: string | undefined },
): Promise<{ clientId: string; secretId: string; clientSecret: string; formerExpiresAt: string | null }> => {
  const hours = /^\d{1,4}$/.test(graceHours) ? Number(graceHours) : MAX_GRACE_HOURS + 1;
  if (hours > MAX_GRACE_HOURS) throw new Error(`--grace-hours is no whole number from 0 to ${MAX_GRACE_HOURS}`);
  const { secret, hash } = createClientSecret();
  const rotated = await rotateClientSecret(database, {
    ...(await identify(database, of)),
    secretHash: hash,
    graceSeconds: hours * 3_600,
  });
  if (rotated === 'no-client') throw noClient(of);
  if (rotated === 'two-already')
    throw new Error(
      `the client has ${MAX_SECRETS} secrets already; revoke the one before, with revoke-client-secret, or wait until it expires`,
    );
  const { secretId, formerExpiresAt } = rotated;
  return {
    clientId: of.clientId,
    secretId,
    clientSecret: secret,
    formerExpiresAt: formerExpiresAt?.toISOString() ?? null,
  };
};

/** From now on the secret gives no tokens, and those that it gave are refused. @throws with the remedy */
export const withdrawSecret = async (
  database: Database,
  { secretId, ...of }: OfClient & { secretId: string },
): Promise<{ revoked: string }> => {
  const named = uuid.safeParse(secretId).success;
  if (!named || !(await revokeClientSecret(database, { ...(await identify(database, of)), secretId })))
    throw new Error(`the client has no secret ${secretId} that could be revoked; see list-client-secrets`);
  return { revoked: secretId };
};

/** What is known of a client's secrets, which are known to nobody. @throws with the remedy */
export const secretsOf = async (database: Database, of: OfClient): Promise<object> => {
  const secrets = await listClientSecrets(database, await identify(database, of));
  if (!secrets) throw noClient(of);
  return { clientId: of.clientId, secrets };
};

/** Tokens of the issuer for the subject speak for the client from now on. @throws with the remedy */
export const linkClient = async (
  database: Database,
  { issuer, subject, ...of }: OfClient & { issuer: string; subject: string },
): Promise<{ clientId: string; issuer: string; subject: string }> => {
  if (!URL.canParse(issuer) || issuer.length > 500) throw new Error('--issuer is no URL; give it as IDP_ISSUER has it');
  if (subject.length > 255) throw new Error('--subject is longer than 255 characters');
  const outcome = await linkExternalClient(database, { ...(await identify(database, of)), issuer, subject });
  if (outcome === 'no-client') throw noClient(of);
  if (outcome === 'taken') throw new Error(`${subject} of ${issuer} stands for a client already; unlink it first`);
  return { clientId: of.clientId, issuer, subject };
};

/** Within seconds, tokens of the issuer for the subject are refused. @throws with the remedy */
export const unlinkClient = async (
  database: Database,
  { tenant, issuer, subject }: { tenant: string; issuer: string; subject: string },
): Promise<{ unlinked: string }> => {
  if (!(await unlinkExternalClient(database, { tenantId: await tenantOf(database, tenant), issuer, subject })))
    throw new Error(`${subject} of ${issuer} stands for no client of "${tenant}"`);
  return { unlinked: subject };
};

const identify = async (database: Database, of: OfClient): Promise<{ tenantId: string; clientId: string }> => {
  if (!uuid.safeParse(of.clientId).success) throw noClient(of);
  return { tenantId: await tenantOf(database, of.tenant), clientId: of.clientId };
};

const noClient = ({ tenant, clientId }: OfClient) =>
  new Error(`the tenant "${tenant}" has no active client ${clientId}`);
