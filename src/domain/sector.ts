import type { Day } from './instant.ts';
import type { LocalText } from './local-text.ts';

/** `sourced`: a cited page supports it. `unverified`: show it as "to be confirmed by your board". */
export type SourceStatus = 'sourced' | 'partly' | 'unverified';

/** Who of a board decided something about the rules, when, and on what grounds. */
export type BoardDecision = { readonly who: string; readonly when: Day; readonly why: string };

/** A course that the board chose for a `category` line. */
export type ApprovedCourse = {
  readonly certificationId: string;
  readonly title: TitlePattern;
  /** The only issuer whose course it is; null where the board did not say. */
  readonly issuer: string | null;
  readonly decided: BoardDecision;
};

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
  /** How the sources support it (`evidence` of the sector files), null for candidates. */
  readonly evidence: string | null;
  readonly sourceIds: readonly string[];
  /** Set on lines that the board added or confirmed. */
  readonly decided?: BoardDecision;
};

export type Sector = {
  readonly id: string;
  readonly name: LocalText;
  /** Words of the sector's work, in both languages: a badge whose text has one is about the sector. */
  readonly keywords: readonly string[];
  readonly status: SourceStatus;
  readonly officialUrl: string;
  /** null is "not known", never zero. */
  readonly total: number | null;
  readonly compulsoryCount: number | null;
  readonly electivesToChoose: number | null;
  /** False while some compulsory or elective lines of the ministry's list are not known. */
  readonly compulsoryListComplete: boolean;
  readonly electiveListComplete: boolean;
  readonly lines: readonly SectorLine[];
  readonly note: string | null;
};

/** A title as certificates write it. `[x]` is optional, `(x|y)` a choice; accents, case and small words do not matter. */
export type TitlePattern = string;

export type Certification = {
  readonly id: string;
  readonly name: LocalText;
  /** Complete titles of a `named` certification besides its name: what alone may make a match certain. */
  readonly titles: readonly TitlePattern[];
  /** Hints, never a rule. */
  readonly aliases: readonly TitlePattern[];
  /** Words that only hint at it when the title says nothing else (`CPR` without a level, `ICF`). */
  readonly weak: readonly TitlePattern[];
  readonly kind: string;
  /** `named`: exactly that certification. `category`: a kind of training, the board picks the course. */
  readonly nameType: 'named' | 'category';
  /** A line so wide that a narrower one is preferred. */
  readonly broad: boolean;
  readonly issuers: readonly string[];
  readonly validityMonths: number | null;
  readonly minHours: number | null;
  readonly typicalHours: number | null;
  readonly status: SourceStatus;
  readonly sourceIds: readonly string[];
  readonly note: string | null;
};

/** Something students hand in that is on no sector's list, and why it is not one of those that are. */
export type OtherCredential = {
  readonly id: string;
  readonly name: LocalText;
  readonly titles: readonly TitlePattern[];
  readonly weak: readonly TitlePattern[];
  /** `other-component`: belongs to another part of the SHSM. `not-equivalent`: looks like a line and is not one. */
  readonly treatAs: 'other-component' | 'not-equivalent';
  readonly notEquivalentTo: readonly string[];
  readonly reason: LocalText;
};

/** What satisfies what. More than one id in `satisfies`: one course that fills several lines when it names them all. */
export type Equivalence = {
  readonly id: string;
  readonly titles: readonly TitlePattern[];
  readonly satisfies: readonly string[];
  /** Those of them that a title must state in full before it fills them all. */
  readonly stated: readonly string[];
  readonly level: 'sourced' | 'inference';
  readonly reason: LocalText;
};

/**
 * A word of a title that changes what it proves. `confirm`: a person must look. `block`: the line is not met; `block-hint`: a
 * mere hint at it is not believed.
 * `unfinished`: the course is not done. `negate`: takes back what follows (`block` and `negate` never add a line).
 */
export type TitleQualifier = {
  readonly id: string;
  readonly words: readonly TitlePattern[];
  readonly effect: 'confirm' | 'block' | 'block-hint' | 'unfinished' | 'negate';
  /** Only for these certifications, or these kinds; empty means all. */
  readonly certifications: readonly string[];
  readonly kinds: readonly string[];
  /** Does nothing when one of these words is in the title too. */
  readonly unless: readonly TitlePattern[];
  /** `Volunteer Hours` says what was done even without the name of a course; `Certificate of Participation` does not. */
  readonly namesAnEvent: boolean;
  /** The certification that the word names beside a course: `First Aid Instructor` is an instructor certification first. */
  readonly names: string | null;
};

/** How titles are read; data of `config/title-words.json`. */
export type TitleWords = {
  /** Small words that are skipped. */
  readonly skip: readonly string[];
  /** Words that every certificate may carry and that change nothing. */
  readonly neutral: readonly TitlePattern[];
  /** Words that leave a weak match standing but a title inexact. */
  readonly soft: readonly TitlePattern[];
  /** Words that say a title is about a course: without one, a lone word among unknown ones names none. */
  readonly course: readonly string[];
  readonly qualifiers: readonly TitleQualifier[];
  /** Phrases of text that speaks to the reader instead of naming a course. */
  readonly addressed: readonly string[];
  /** Words before a course that say it was done, for descriptions under a title that says nothing. */
  readonly completed: readonly string[];
};

/** Who issues or delivers a certification. A name that is not here says nothing: the lists are open. */
export type KnownIssuer = {
  readonly id: string;
  readonly names: readonly string[];
  readonly hosts: readonly string[];
  readonly certificationIds: readonly string[];
  readonly status: SourceStatus;
};

export type RuleSource = {
  readonly id: string;
  readonly title: string;
  readonly publisher: string;
  readonly year: number | null;
  readonly url: string | null;
};

/** One line of the checklist for micro-credentials; see `config/quality.json`. */
export type QualityItem = {
  readonly id: string;
  readonly question: LocalText;
  readonly basis: string;
};

export type Rules = {
  /** `<year>.<n>+<content hash>`: stored with each placement so that it stays explainable. */
  readonly version: string;
  readonly sectors: readonly Sector[];
  readonly certifications: readonly Certification[];
  readonly others: readonly OtherCredential[];
  readonly equivalences: readonly Equivalence[];
  readonly titleWords: TitleWords;
  readonly issuers: readonly KnownIssuer[];
  readonly approvedCourses: readonly ApprovedCourse[];
  readonly sources: readonly RuleSource[];
};
