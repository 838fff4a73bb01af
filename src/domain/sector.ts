import type { LocalText } from './local-text.ts';

/** `sourced`: a cited page supports it. `unverified`: show it as "to be confirmed by your board". */
export type SourceStatus = 'sourced' | 'partly' | 'unverified';

/** A line of a sector's list, by the certification's id. */
export type SectorLine = {
  readonly certificationId: string;
  readonly status: SourceStatus;
  /** True only where a match may count without a person confirming that the line itself is on the list. */
  readonly countsAlone: boolean;
  /** `unknown`: the source does not say whether the line is compulsory or elective. */
  readonly role: 'compulsory' | 'elective' | 'unknown';
  /** `list`: the sector's list as sourced. `candidate`: recalled from general knowledge, never counted alone. */
  readonly layer: 'list' | 'candidate' | 'board';
  readonly sourceIds: readonly string[];
};

export type Sector = {
  readonly id: string;
  readonly name: LocalText;
  readonly status: SourceStatus;
  readonly officialUrl: string;
  /** null is "not known", never zero. */
  readonly total: number | null;
  readonly compulsoryCount: number | null;
  readonly electivesToChoose: number | null;
  readonly lines: readonly SectorLine[];
  readonly note: string | null;
};

export type Certification = {
  readonly id: string;
  readonly name: LocalText;
  readonly aliases: readonly string[];
  readonly kind: string;
  /** `named`: exactly that certification. `category`: a kind of training, the board picks the course. */
  readonly nameType: 'named' | 'category';
  readonly issuers: readonly string[];
  readonly validityMonths: number | null;
  readonly minHours: number | null;
  readonly typicalHours: number | null;
  readonly status: SourceStatus;
  readonly sourceIds: readonly string[];
  readonly note: string | null;
};

export type Rules = {
  /** `<year>.<n>+<content hash>`: stored with each placement so that it stays explainable. */
  readonly version: string;
  readonly sectors: readonly Sector[];
  readonly certifications: readonly Certification[];
};
