import type { Database } from './open-database.ts';

/** What a person may do at the pages for operators: look, or act as well. */
export const operatorRoles = ['viewer', 'operator'] as const;
export type OperatorRole = (typeof operatorRoles)[number];

export interface Operator {
  role: OperatorRole;
  /** Who it is, as far as is known. */
  subject: string;
}

/** @returns false when the sign-in link was used before */
export const openOperatorSession = async (
  { statements }: Database,
  {
    idHash,
    operator,
    linkId,
    seconds,
  }: { idHash: Uint8Array; operator: Operator; linkId: string | null; seconds: number },
): Promise<boolean> => {
  const [row] = await statements.$queryRaw<{ opened: boolean }[]>`
    SELECT open_operator_session(${idHash}::bytea, ${operator.role}, ${operator.subject}, ${linkId}::uuid, ${seconds}::integer) AS opened`;
  return row?.opened === true;
};

/** Who holds the session; null when it is over, was idle for too long, or never was. */
export const seeOperatorSession = async (
  { statements }: Database,
  { idHash, idleSeconds }: { idHash: Uint8Array; idleSeconds: number },
): Promise<Operator | null> => {
  const [row] = await statements.$queryRaw<Operator[]>`
    SELECT role, subject FROM see_operator_session(${idHash}::bytea, ${idleSeconds}::integer)`;
  return row ?? null;
};

/** Signs out. */
export const endOperatorSession = async ({ statements }: Database, idHash: Uint8Array): Promise<void> => {
  await statements.$queryRaw`SELECT end_operator_session(${idHash}::bytea)`;
};
