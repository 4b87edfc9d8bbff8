/** What verifying one bundle found. */

/**
 * `ok`: checked, and it holds. `wrong`: it does not. `unchecked`: this could not be decided here, for the reason given;
 * nothing speaks against it.
 */
export type Verdict = 'ok' | 'wrong' | 'unchecked';

export interface Finding {
  check: 'container' | 'manifest' | 'signature' | 'file' | 'snapshot' | 'events' | 'rules' | 're-rendering' | 'figures';
  /** Such as `documents/invoice.pdf`, or `xrechnung`. */
  subject: string;
  verdict: Verdict;
  detail: string;
}

export interface Report {
  /** `verified` is said only of a bundle that was checked whole, against a key that was given. */
  verdict: 'verified' | 'incomplete' | 'wrong';
  /** As the manifest says; absent where there is none that could be read. */
  invoice?: { id: string; tenantId: string; number: string; readyAt: string };
  signature?: {
    kid: string;
    /** Whether the key was given; one that came in the bundle may be anybody's. */
    trusted: boolean;
  };
  findings: Finding[];
}

export const toVerdict = (findings: readonly Finding[]): Report['verdict'] => {
  const verdicts = new Set(findings.map(({ verdict }) => verdict));
  if (verdicts.has('wrong')) return 'wrong';
  return verdicts.has('unchecked') ? 'incomplete' : 'verified';
};

/** A finding that says what is wrong; nothing wrong means that it holds. */
export const judge = (check: Finding['check'], subject: string, faults: readonly string[], fine: string): Finding => ({
  check,
  subject,
  verdict: faults.length === 0 ? 'ok' : 'wrong',
  detail: faults.length === 0 ? fine : faults.join('; '),
});
