import type { Draw } from './draw.ts';

/** Scripts, symbols and everything that XML, JSON or a schematron might trip over. */
const fragments = [
  'Consulting',
  'Straßenbau Köln',
  'Éléments d’œuvre',
  'Łódź żółć',
  'Ελληνικά',
  'Поставка товара',
  'تسليم البضائع',
  'משלוח',
  '請求書の件',
  '온라인 서비스',
  'बिल',
  'ใบแจ้งหนี้',
  '𠮷野家',
  '👩🏽‍🚀 launch',
  'A & B <Co>',
  `"quoted" and 'single'`,
  ']]> <!-- no comment -->',
  '<?pi?> &amp; &#38;',
  '100 % / §19 #1 @home',
  'no\u00a0break',
  'soft\u00adhyphen',
  'zero\u200bwidth',
  'e\u0301 combining',
  'half\u2028line',
  'C:\\path\\n',
  '$1 ${x} {{y}}',
  'x'.repeat(180),
];

const breaks = ['\n', '\r\n', '\t', '  '];

/** One line of one to three fragments. */
export const text = (draw: Draw): string =>
  Array.from({ length: draw.between(1, 3) }, () => draw.pick(fragments)).join(' ');

/** Several lines, where a person may write as much as they like. */
export const prose = (draw: Draw): string =>
  draw.chance(70) ? text(draw) : [text(draw), text(draw)].join(draw.pick(breaks));

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
export const digits = (draw: Draw, length: number): string =>
  Array.from({ length }, () => String(draw.between(0, 9))).join('');

/** A reference as people write them: "PO-4711/26". */
export const reference = (draw: Draw): string =>
  `${draw.pick([...letters])}${draw.pick([...letters])}${draw.pick(['-', '/', '_', ''])}${draw.between(1, 999_999)}`;

/** Days are drawn from two years, so that some months end early. */
const firstDay = Date.UTC(2026, 0, 1);
const dayInMs = 86_400_000;
export const lastDay = 730;
export const dateOf = (day: number): string => new Date(firstDay + day * dayInMs).toISOString().slice(0, 10);
