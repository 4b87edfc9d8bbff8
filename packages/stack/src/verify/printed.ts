/** How a reader finds a number or an amount among the text of a printed page. */

/**
 * The amount with the language's own separators (which may be others for money than for plain numbers, as in Austria),
 * but without its currency: where that stands differs most.
 */
export const inLanguage = (amount: string, currency: string, language: string): string => {
  const decimals = amount.split('.')[1]?.length ?? 0;
  const format = new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  // Intl takes a decimal string digit for digit; its type only admits literals.
  const parts = format.formatToParts(amount as Intl.StringNumericLiteral);
  return parts.map(({ type, value }) => (type === 'currency' || type === 'literal' ? '' : value)).join('');
};

/** A whole amount, not the tail or the head of a longer one: 938.72 is not shown by 7,938.72. */
export const showsAmount = (text: string, amount: string): boolean =>
  new RegExp(`(?<!\\d[.,' ]?)${amount.replaceAll('.', '\\.')}(?![.,']?\\d)`).test(text);

/** One form for what reads alike: ASCII digits and separators, ordinary spaces, no marks that steer direction or line breaks. */
export const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf))
    .replaceAll('٬', ',')
    .replaceAll('٫', '.')
    .replaceAll('’', "'")
    .replaceAll(/[^\S\n]+/g, ' ');

export const withoutSpaces = (text: string): string => text.replaceAll(/\s/g, '');
