import {
  CreateSellerProfile,
  Logo,
  LogoList,
  SellerProfile,
  SellerProfileList,
  UpdateSellerProfile,
  UploadLogo,
} from '../seller-profile.ts';
import { twin, unauthenticated, type Operation } from './operation.ts';

const unknownProfile = { 404: 'no such seller profile' };

export const sellerOperations = {
  createSellerProfile: {
    method: 'post',
    path: '/v1/seller-profiles',
    summary: 'Define who sells, where to pay, and how documents look',
    description:
      'An invoice names the profile as `sellerProfile` in place of its `seller`. What the profile says is frozen when ' +
      'the invoice is accepted.',
    scope: 'profiles:manage',
    idempotent: true,
    body: CreateSellerProfile,
    answer: { status: 201, schema: SellerProfile, description: 'created' },
    problems: {
      ...unauthenticated,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `the name is taken, there are as many profiles as there may be, or ${twin}`,
      413: 'too large',
      422: 'invalid, or the Idempotency-Key came with another body before',
    },
  },
  listSellerProfiles: {
    method: 'get',
    path: '/v1/seller-profiles',
    summary: 'List seller profiles',
    scope: 'profiles:manage',
    answer: { status: 200, schema: SellerProfileList, description: 'all of them, by name' },
    problems: unauthenticated,
  },
  getSellerProfile: {
    method: 'get',
    path: '/v1/seller-profiles/{id}',
    summary: 'Read a seller profile',
    scope: 'profiles:manage',
    answer: { status: 200, schema: SellerProfile, description: 'the profile' },
    problems: { ...unauthenticated, ...unknownProfile },
  },
  updateSellerProfile: {
    method: 'patch',
    path: '/v1/seller-profiles/{id}',
    summary: 'Change a seller profile, for invoices to come',
    scope: 'profiles:manage',
    body: UpdateSellerProfile,
    answer: { status: 200, schema: SellerProfile, description: 'the profile as it is now' },
    problems: {
      ...unauthenticated,
      ...unknownProfile,
      400: 'not JSON',
      409: 'the name is taken',
      413: 'too large',
      422: 'invalid',
    },
  },
  deleteSellerProfile: {
    method: 'delete',
    path: '/v1/seller-profiles/{id}',
    summary: 'Delete a seller profile',
    description: 'Invoices that were accepted with it stay as they are.',
    scope: 'profiles:manage',
    answer: { status: 200, schema: SellerProfile, description: 'deleted; the profile as it was' },
    problems: { ...unauthenticated, ...unknownProfile },
  },
  uploadLogo: {
    method: 'post',
    path: '/v1/logos',
    summary: 'Upload a logo for seller profiles',
    description: 'It is known by the SHA-256 of its bytes; the same file again is the same logo.',
    scope: 'profiles:manage',
    idempotent: true,
    body: UploadLogo,
    answer: { status: 201, schema: Logo, description: 'what the file was found to be' },
    problems: {
      ...unauthenticated,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `there are as many logos as there may be, or ${twin}`,
      413: 'too large',
      422: 'no image that can be printed, or the Idempotency-Key came with another body before',
      503: 'too many logos are being read at the moment; see Retry-After',
    },
  },
  listLogos: {
    method: 'get',
    path: '/v1/logos',
    summary: 'List logos',
    scope: 'profiles:manage',
    answer: { status: 200, schema: LogoList, description: 'all of them, oldest first' },
    problems: unauthenticated,
  },
  deleteLogo: {
    method: 'delete',
    path: '/v1/logos/{sha256}',
    summary: 'Delete a logo that nothing refers to',
    scope: 'profiles:manage',
    answer: { status: 200, schema: Logo, description: 'deleted; the logo as it was' },
    problems: { ...unauthenticated, 404: 'no such logo', 409: 'a profile or an accepted invoice has it' },
  },
} as const satisfies Record<string, Operation>;
