import { readOwnKey, SignatureRefused, verifySignature, type KeySet, type OpenBundle } from '@invoicepress/proof';
import type { Finding, Report } from './report.ts';

const subject = 'manifest.json.jws';

/**
 * By the keys that were given. Without any, by the one in the bundle, which proves less: whoever changes a bundle can
 * put a signature and a key of their own into it.
 */
export const checkSignature = async (
  bundle: OpenBundle,
  given: KeySet | undefined,
): Promise<{ finding: Finding; signature?: NonNullable<Report['signature']> }> => {
  try {
    const own = await readOwnKey(bundle.keys);
    const kid = await verifySignature(bundle.signature, bundle.manifest, given ?? own);
    if (!own.keys.some((key) => key.kid === kid))
      throw new SignatureRefused('the bundle brings another key than its own');
    return { finding: holds(kid, given !== undefined), signature: { kid, trusted: given !== undefined } };
  } catch (error) {
    if (!(error instanceof SignatureRefused)) throw error;
    return { finding: { check: 'signature', subject, verdict: 'wrong', detail: error.message } };
  }
};

const holds = (kid: string, trusted: boolean): Finding => ({
  check: 'signature',
  subject,
  verdict: trusted ? 'ok' : 'unchecked',
  detail: trusted
    ? `EdDSA by the key ${kid}, which is among those given`
    : `holds by the key ${kid} THAT CAME IN THE BUNDLE, which may be anybody's; give the issuer's with --keys`,
});
