import { breakable, longestNarrowWord } from './line-breaks.ts';

/** What a fact is called, and the fact. */
export type LabelledText = [label: string, text: string];

/** Only the facts that there are, with break opportunities. */
export const labelled = (...candidates: [label: string, text: string | false | undefined][]): LabelledText[] =>
  candidates.flatMap(([label, text]) =>
    text ? [[breakable(label, longestNarrowWord), breakable(text, longestNarrowWord)] satisfies LabelledText] : [],
  );
