import { SubmitInvoice, toDraft } from '@invoicepress/client';
import type { PinnedTemplates, SellersWanted, SubmissionDefaults, SubmissionsNamed } from '@invoicepress/database';
import { applyProfile, checkDraft, type InvoiceDraft, type SellerProfile } from '@invoicepress/invoice';
import { namedTemplates, pinFor } from './pin-template.ts';
import { MAX_FAULTS, pointers, RequestProblem, violations } from './problems.ts';

export type Defaults = SubmissionDefaults & { sellers?: SellerProfile[]; templates: PinnedTemplates };

/** What submissions, as they came, refer to by name: looked up with their tenant's defaults. */
export const namedIn = (bodies: unknown[]): SubmissionsNamed => ({
  sellers: sellersWanted(bodies),
  templates: namedTemplates(bodies),
});

/** From what a client sent to a draft that can be issued. @throws {RequestProblem} with a pointer to every fault */
export const parseInvoice = (body: unknown, { sellers = [], templates, ...defaults }: Defaults): InvoiceDraft => {
  const draft = { ...defaults, ...readInvoice(body, sellers) };
  const template = pinFor(draft.template, templates);
  const found = checkDraft(draft);
  if (template === undefined) {
    const detail = `there is no template "${draft.template}" with a valid version in use; see GET /v1/templates`;
    found.push({ pointer: '/template', detail });
  }
  if (found.length > 0 || template === undefined) throw violations(found);
  return { ...draft, template };
};

/** Of one that is to be shown and not issued: it needs no number. @throws {RequestProblem} pointing into `/invoice` */
export const checkPreviewed = (draft: InvoiceDraft): InvoiceDraft => {
  const numbered = draft.number === undefined && draft.series === undefined ? { ...draft, number: 'PREVIEW' } : draft;
  const found = checkDraft(numbered).map((each) => ({ ...each, pointer: `/invoice${each.pointer}` }));
  if (found.length > 0) throw violations(found);
  return numbered;
};

/** By the shapes and bounds of its fields alone. @param at where the body stands in the request @throws {RequestProblem} with a pointer to every fault */
export const readInvoice = (body: unknown, sellers: SellerProfile[], at = ''): InvoiceDraft => {
  const parsed = SubmitInvoice.safeParse(body);
  const found = sellerOf(body, sellers);
  const faults = [
    ...(found && 'pointer' in found ? [found] : []),
    ...(parsed.success ? [] : pointers(parsed.error)),
  ].map((fault) => ({ ...fault, pointer: at + fault.pointer }));
  if (!parsed.success || faults.length > 0)
    throw new RequestProblem('invalid-invoice', 'see "errors" for each field', { errors: faults.slice(0, MAX_FAULTS) });
  const { sellerProfile: _named, ...invoice } = parsed.data;
  return found && 'seller' in found ? applyProfile(toDraft(invoice), found) : toDraft(invoice);
};

type Body = Partial<Record<'seller' | 'sellerProfile', unknown>>;

/** The profiles that submissions, as they came, refer to; undefined when each says itself who sells. */
export const sellersWanted = (bodies: unknown[]): SellersWanted | undefined => {
  const open = bodies.filter(isObject).filter(({ seller }) => seller === undefined);
  if (open.length === 0) return undefined;
  const names = new Set(open.map(({ sellerProfile }) => sellerProfile).filter(isName));
  return { names: [...names], withDefault: open.some(({ sellerProfile }) => sellerProfile === undefined) };
};

/** Nothing when the submission says who sells; the profile that does; or what is wrong. */
const sellerOf = (body: unknown, sellers: SellerProfile[]): SellerProfile | Fault | undefined => {
  if (!isObject(body)) return undefined;
  const { seller, sellerProfile } = body;
  if (seller !== undefined)
    return sellerProfile === undefined
      ? undefined
      : { pointer: '/sellerProfile', detail: 'stands beside a "seller"; give one of the two' };
  if (sellerProfile === undefined)
    return (
      sellers.find(({ isDefault }) => isDefault) ?? {
        pointer: '/seller',
        detail: 'is missing; give it, or name a "sellerProfile", or make a profile the default one',
      }
    );
  if (!isName(sellerProfile)) return undefined; // its shape is refused already
  return (
    sellers.find(({ name }) => name === sellerProfile) ?? {
      pointer: '/sellerProfile',
      detail: `there is no seller profile "${sellerProfile}"; define it with POST /v1/seller-profiles`,
    }
  );
};

interface Fault {
  pointer: string;
  detail: string;
}

const MAX_NAME = 60;
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MAX_NAME && value.isWellFormed() && !value.includes('\u0000');
const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
