import { chainHead, type ChainHead, type Database } from '@invoicepress/database';
import { canonicalJson } from '@invoicepress/invoice';
import { SignatureRefused, verifySignature, type KeySet, type ProofSigner } from '@invoicepress/proof';
import { z } from 'zod';

/** The ends of the chains at one moment: what an auditor keeps outside of the system, and later gives as an anchor. */
export interface Heads {
  at: string;
  heads: (ChainHead & { tenantId: string })[];
  /** A detached JSON Web Signature by the proof key, over the canonical JSON of the two above. */
  signature?: string;
}

/** What a signature over heads says that it is for. */
const PURPOSE = 'invoicepress-audit-heads+jws';

const contentOf = ({ at, heads }: Heads): Uint8Array => Buffer.from(canonicalJson({ at, heads }));

export const readHeads = async (
  database: Database,
  tenants: { id: string }[],
  signer: ProofSigner | undefined,
): Promise<Heads> => {
  const found: Heads = { at: new Date().toISOString(), heads: [] };
  for (const { id: tenantId } of tenants) {
    const head = await chainHead(database, tenantId);
    if (head) found.heads.push({ tenantId, ...head });
  }
  return signer ? { ...found, signature: await signer.sign(contentOf(found), PURPOSE) } : found;
};

const Anchor = z.strictObject({
  at: z.string(),
  heads: z.array(
    z.strictObject({
      tenantId: z.guid(),
      position: z.int().positive(),
      hash: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  signature: z.string().optional(),
});

export class AnchorRefused extends Error {
  override readonly name = 'AnchorRefused';
}

/**
 * The heads of an anchor, by tenant.
 * @param keys whose signature it must bear; without them, whoever gives the anchor vouches for it
 * @throws {AnchorRefused} it is none, or the signature does not hold
 */
export const readAnchor = async (text: string, keys: KeySet | undefined): Promise<Map<string, ChainHead>> => {
  const anchor = parseAnchor(text);
  if (keys) {
    if (!anchor.signature) throw new AnchorRefused('it is not signed; make it with PROOF_PRIVATE_KEY set');
    try {
      await verifySignature(anchor.signature, contentOf(anchor), keys, PURPOSE);
    } catch (error) {
      throw error instanceof SignatureRefused ? new AnchorRefused(`its signature: ${error.message}`) : error;
    }
  }
  return new Map(anchor.heads.map(({ tenantId, position, hash }) => [tenantId, { position, hash }]));
};

const parseAnchor = (text: string): Heads => {
  try {
    const { signature, ...heads } = Anchor.parse(JSON.parse(text));
    return { ...heads, ...(signature !== undefined && { signature }) };
  } catch (cause) {
    throw new AnchorRefused('it is not what "audit heads" prints', { cause });
  }
};
