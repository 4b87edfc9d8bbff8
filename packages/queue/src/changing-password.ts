import { parseIntoClientConfig } from 'pg-connection-string';

/** What PostgreSQL says to a password that is wrong, or not right any more. */
const INVALID_PASSWORD = '28P01';

/** The password of a PostgreSQL URL, which changes while the process runs (docs/decisions/0022). */
export interface ChangingPassword {
  current(): string;
  /** Whether an error is the refusal of the password, and the URL was read again since: then it is worth another try. */
  renewedAfter(error: unknown): boolean;
}

/** @param readAgain gives the URL as it is by now; without it the password stays what it is */
export const changingPassword = (url: string, readAgain?: () => string): ChangingPassword => {
  const passwordIn = (text: string): string => {
    const { password } = parseIntoClientConfig(text);
    return typeof password === 'string' ? password : '';
  };
  let password = passwordIn(url);
  return {
    current: () => password,
    renewedAfter: (error) => {
      if (!readAgain || (error as { code?: unknown }).code !== INVALID_PASSWORD) return false;
      try {
        password = passwordIn(readAgain());
        return true;
      } catch {
        return false; // then the refusal is what there is to say
      }
    },
  };
};
