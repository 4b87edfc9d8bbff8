import { CreateSellerProfile, UpdateSellerProfile } from '@invoicepress/client';
import {
  createSellerProfile as create,
  deleteSellerProfile as remove,
  findSellerProfile,
  listSellerProfiles as list,
  MAX_SELLER_PROFILES,
  ProfileRefused,
  updateSellerProfile as update,
  withTenant,
  type SellerProfileRecord,
  type TenantTransaction,
} from '@invoicepress/database';
import type { Request, RequestHandler } from 'express';
import { changeAudited } from '../audited.ts';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { answerOnce, sendAnswer } from '../idempotent.ts';
import { RequestProblem } from '../problems.ts';
import { toSellerProfile } from '../to-seller-profile.ts';
import { profileIdOf, profileNotFound } from './parameters.ts';

type Database = Pick<Context, 'database'>;

/** `POST /v1/seller-profiles`. */
export const createSellerProfile =
  (context: Database): RequestHandler =>
  async (req, res) => {
    const profile = CreateSellerProfile.parse(req.body);
    const answer = await answerOnce(context, req, async (tx) => {
      const created = await explaining(create(tx, profile), profile);
      const after = toSellerProfile(created);
      return { status: 201, body: JSON.stringify(after), audit: { touched: [after.id], after } };
    });
    const { id } = JSON.parse(answer.body) as { id: string };
    sendAnswer(res.location(`/v1/seller-profiles/${id}`), answer);
  };

/** `GET /v1/seller-profiles`. */
export const listSellerProfiles =
  ({ database }: Database): RequestHandler =>
  async (req, res) => {
    const profiles = await withTenant(database, callerOf(req).tenantId, list);
    res.json({ profiles: profiles.map(toSellerProfile) });
  };

/** `GET /v1/seller-profiles/{id}`. */
export const getSellerProfile =
  ({ database }: Database): RequestHandler =>
  async (req, res) => {
    const id = profileIdOf(req.params);
    const profile = await withTenant(database, callerOf(req).tenantId, (tx) => findSellerProfile(tx, id));
    if (!profile) throw profileNotFound();
    res.json(toSellerProfile(profile));
  };

/** `PATCH /v1/seller-profiles/{id}`. */
export const updateSellerProfile = (context: Database): RequestHandler =>
  changeProfile(context, (req) => {
    const changes = UpdateSellerProfile.parse(req.body);
    return (tx, { id }) => explaining(update(tx, id, changes), changes);
  });

/** `DELETE /v1/seller-profiles/{id}`. */
export const deleteSellerProfile = (context: Database): RequestHandler =>
  changeProfile(
    context,
    () =>
      async (tx, { id }) =>
        (await remove(tx, id)) ? 'deleted' : null,
  );

type Change = (tx: TenantTransaction, before: SellerProfileRecord) => Promise<SellerProfileRecord | 'deleted' | null>;

const changeProfile =
  (context: Database, prepare: (req: Request) => Change): RequestHandler =>
  async (req, res) => {
    const id = profileIdOf(req.params);
    const verbs = { find: findSellerProfile, change: prepare(req), show: toSellerProfile };
    const changed = await changeAudited(context, req, id, verbs);
    if (!changed) throw profileNotFound();
    res.json(toSellerProfile(changed));
  };

const explaining = async <T>(work: Promise<T>, { name, branding }: UpdateSellerProfile): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ProfileRefused)) throw error;
    switch (error.reason) {
      case 'name':
        throw new RequestProblem(
          'profile-taken',
          `there is a seller profile "${name ?? ''}"; change it, or choose another name`,
        );
      case 'too-many':
        throw new RequestProblem(
          'too-many-profiles',
          `there are ${MAX_SELLER_PROFILES} seller profiles, and there may be no more; delete one`,
        );
      case 'logo':
        throw new RequestProblem('invalid-request', 'see "errors" for each field', {
          errors: [
            {
              pointer: '/branding/logo',
              detail: `there is no logo ${branding?.logo ?? ''}; upload it with POST /v1/logos`,
            },
          ],
        });
    }
  }
};
