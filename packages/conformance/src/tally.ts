/** What was checked, how often, and what was found. */

export interface Fault {
  /** The row of the table: who found it. */
  check: string;
  rule: string;
  detail: string;
  /** Which draft it was, as `valid peppol 17` or `golden credit-note`. */
  subject: string;
  /** What to look at: the draft, as JSON. */
  draft: unknown;
}

export interface Row {
  check: string;
  documents: number;
  failures: number;
  warnings: number;
}

export interface Tally {
  rows(): Row[];
  failures: readonly Fault[];
  /** How often each rule was merely warned of. */
  warnings: ReadonlyMap<string, number>;
  documents: number;
  /** A document was made. */
  made(): void;
  /** A check was asked of one more document. */
  asked(check: string): void;
  failed(fault: Fault): void;
  warned(check: string, rule: string): void;
}

export const createTally = (): Tally => {
  const rows = new Map<string, Row>();
  const failures: Fault[] = [];
  const warnings = new Map<string, number>();
  const row = (check: string): Row => {
    const found = rows.get(check) ?? { check, documents: 0, failures: 0, warnings: 0 };
    rows.set(check, found);
    return found;
  };
  return {
    rows: () => [...rows.values()],
    failures,
    warnings,
    documents: 0,
    made() {
      this.documents += 1;
    },
    asked: (check) => void (row(check).documents += 1),
    failed(fault) {
      row(fault.check).failures += 1;
      failures.push(fault);
    },
    warned(check, rule) {
      row(check).warnings += 1;
      warnings.set(`${check} ${rule}`, (warnings.get(`${check} ${rule}`) ?? 0) + 1);
    },
  };
};
