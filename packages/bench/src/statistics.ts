/** The middle value, or the mean of the two middle ones. @throws Error for no values */
export const median = (values: number[]): number => (percentile(values, 0.5) + percentileFromAbove(values, 0.5)) / 2;

/** The smallest value that at least this share (0 to 1) of all values does not exceed. @throws Error for no values */
export const percentile = (values: number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
};

const percentileFromAbove = (values: number[], share: number): number =>
  -percentile(
    values.map((value) => -value),
    share,
  );

export const mean = (values: number[]): number => {
  if (values.length === 0) throw new Error('nothing was measured');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
};

/** One of five equal parts of a series, from 1. @throws Error for fewer than five values */
export const fifth = <T>(series: T[], number: 1 | 2 | 3 | 4 | 5): T[] => {
  const part = series.slice(Math.floor(((number - 1) * series.length) / 5), Math.floor((number * series.length) / 5));
  if (part.length === 0) throw new Error(`${series.length} samples are too few for fifths; measure for longer`);
  return part;
};
