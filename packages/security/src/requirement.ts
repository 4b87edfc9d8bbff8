/** What is required, who requires it, and which tests prove that it holds. */
export interface Requirement {
  /** Stable, unique, such as `tokens-3`. */
  id: string;
  /** A sentence that can be true or false of the system. */
  says: string;
  /** Chapter and verse, such as `ASVS 5.0 9.1.2`, `RFC 8725 3.1`, `API1:2023` (OWASP API Security Top 10). */
  references: string[];
  proofs: Proof[];
}

/** Tests of one file, which are run from its package's folder. */
export interface Proof {
  /** From the root of the repository. */
  file: string;
  /** The names of tests; a pattern stands for all that it fits, of which there has to be at least one. */
  tests: (string | RegExp)[];
}

/** A chapter of the matrix. */
export interface Chapter {
  title: string;
  requirements: Requirement[];
}

/** What a row of a chapter is written as: the id, the sentence, the references, and the tests by file. */
export type Row = [says: string, references: string, proofs: Record<string, (string | RegExp)[]>];

/** Numbers the rows of a chapter, `<prefix>-1` and so on: new ones go to the end. */
export const chapter = (prefix: string, title: string, rows: Row[]): Chapter => ({
  title,
  requirements: rows.map(([says, references, proofs], index) => ({
    id: `${prefix}-${index + 1}`,
    says,
    references: references.split(', '),
    proofs: Object.entries(proofs).map(([file, tests]) => ({ file, tests })),
  })),
});
