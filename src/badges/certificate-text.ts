import type { Day } from '../domain/instant.ts';
import { type FoundDate, findDates, fold } from './certificate-dates.ts';
import { readHours } from './hours.ts';
import type { IssuerList } from './issuer-list.ts';

/**
 * A line of a certificate; `size` is its letter height where that is known, to tell the title from the rest, `words` how
 * sure (0 to 100) the reader of a picture is of each word.
 */
export type Line = {
  readonly text: string;
  readonly size: number | null;
  readonly words?: readonly { readonly text: string; readonly certainty: number }[];
};

export type Proposal = {
  readonly title: string | null;
  readonly person: string | null;
  readonly issuer: string | null;
  readonly issuedOn: Day | null;
  readonly expiresOn: Day | null;
  readonly hours: number | null;
  readonly certificateNumber: string | null;
};

const EXPIRY =
  /(expir|valid (until|to|thru|through)|good (until|through)|renew(al)?( by| date)?|recert|echeance|valide? jusqu|valable jusqu|renouvel)/g;
const ISSUE =
  /(issued?|issue date|date of issue|complet(ed|ion)|awarded|delivered|earned|achieved|granted|training date|course date|class date|date d.?(emission|obtention)|delivre|emis|decerne|obtenu|reussi|suivi|termine|fait a|date de (la )?(formation|delivrance|reussite)|\bdate\b|\ble\b)/g;
const BIRTH = /(birth|naissance|\bdob\b)/;

const GENERIC =
  /^(this is to certify( that)?|this certifies that|certificate|certification|certificat|attestation|diploma|diplome|(certificate|record|statement) of (completion|achievement|training|attendance|participation|recognition|accomplishment)|(certificat|attestation|releve) (de|d.)\s?(reussite|participation|formation|completion|achevement|presence)|(the |le |la )?(course|cours|formation|training|program|programme)|congratulations!?|felicitations!?|wallet card|digital (badge|certificate)|page \d+.*)$/;

const BEFORE_TITLE = [
  /^(?:course|training|program|programme|certification|credential|qualification|module|badge|cours|formation|titre|title)(?: (?:name|title)| ?: ?titre)?\s*[:：]\s*(.{3,120})$/,
  /(?:successfully completed|has completed|completed(?: all)?(?: the)? requirements (?:for|of)|for (?:successfully )?completing|for the successful completion of|completion of|trained in|certified in|a (?:complete|reussi|suivi|termine)(?: avec succes)?|pour avoir (?:complete|reussi|suivi|termine))(?: avec succes)?\s*:?\s*(?:the |a |an |le |la |les |l['’])?(?:course |cours |formation |training |program |programme )?(?:in |of |on |en |de |sur )?[:"“«]?\s*(.{3,120})$/,
  /^(?:certificate|certificat|attestation|diploma) (?:in|en|of|de|d['’])\s?(?!completion|achievement|training$|attendance|participation|recognition|reussite|formation$|presence)(.{3,120})$/,
];
/** A line that leaves its sentence to the next one. */
const ENDS_OPEN =
  /(successfully completed|completed the|completing|completion of|complete|reussi|suivi|(course|program|training|cours|formation)\s*[:：]?)( the| le| la| (the )?course| cours| avec succes)*\s*[:：]?$/;
const BEFORE_PERSON =
  /(?:this is to certify that|this certifies that|certif(?:y|ies) that|presented to|awarded to|issued to|granted to|certifie que|atteste que|decernee? a|remise? a|delivree? a|attribuee? a|(?:^|\b)(?:participant|student|learner|recipient|candidate|holder|name|nom|titulaire|eleve|candidat)(?:'s name|\(e\)| name| et prenom)?\s*[:：])\s*(.*)$/;
/** How the line under a name goes on. */
const GOES_ON =
  /^(has |have |for (?:success|complet)|who |(?:a|pour avoir) (?:complete|reussi|suivi|termine)|en reconnaissance)/;
const PERSON = /^(?:(?:mr|mrs|ms|mx|m|mme)\.?\s+)?(\p{Lu}[\p{L}'’.-]*(?:\s+\p{Lu}[\p{L}'’.-]*){1,4})$/u;
const BEFORE_ISSUER =
  /(?:issued by|offered by|provided by|delivered by|conducted by|training provider|issuing (?:organization|authority|body)|issuer|authorized by|delivre par|offert par|donne par|emis par|dispense par|organisme(?: emetteur| de formation)?|emetteur|fournisseur(?: de formation)?)\s*[:：]?\s+(.{2,100})$/;
const NUMBER =
  /(?:certificat(?:e|ion)?|attestation|licen[cs]e|permis|credential|registration|wallet|card|carte|record|serial|serie|confirmation|control|student|member|verification)\s*(?:#|n[o°º]?\.?\s|no\.?\s*:|number|num(?:ero)?\.?|id(?:entifier)?|code)\s*(?:de (?:certificat|serie|carte)\s*)?[:#.]*\s*([a-z0-9][a-z0-9/_-]{2,38})|(?:numero|n[o°º]\.?)\s*(?:de |du |d['’])?(?:certificat|attestation|carte|permis|serie)\s*[:#]?\s*([a-z0-9][a-z0-9/_-]{2,38})/;

export type Certificate = {
  readonly proposal: Proposal;
  /** What stands beside words that say what it is ("Expires on …"), rather than being the only one or the biggest. */
  readonly stated: ReadonlySet<keyof Proposal>;
};

/**
 * What the words of a certificate say, as a proposal for a person to confirm. Everything is optional, and nothing is
 * guessed where the text can be read in two ways.
 */
export function readCertificate(lines: readonly Line[], issuers: IssuerList): Certificate {
  const clean = lines
    .map((line) => ({ ...line, text: line.text.replace(/\s+/g, ' ').trim().slice(0, 300) }))
    .filter((line) => line.text !== '')
    .slice(0, 400);
  const text = clean.map((line) => line.text).join('\n');
  const person = personIn(clean);
  const issuer = issuerIn(clean, text, issuers);
  const dates = datesIn(text);
  const titled = titleAfterWords(clean, person, issuer);
  const stated: (keyof Proposal)[] = ['person', 'hours', 'certificateNumber', 'expiresOn'];
  if (titled !== null) stated.push('title');
  if (issuerAfterWords(clean) !== null) stated.push('issuer');
  if (dates.isLabelled) stated.push('issuedOn');
  const proposal: Proposal = {
    issuedOn: dates.issuedOn,
    expiresOn: dates.expiresOn,
    title: titled ?? biggestTitle(clean, person, issuer),
    person,
    issuer,
    hours: readHours(text),
    certificateNumber: numberIn(clean),
  };
  return { proposal, stated: new Set(stated) };
}

function datesIn(text: string): Pick<Proposal, 'issuedOn' | 'expiresOn'> & { readonly isLabelled: boolean } {
  const plain = fold(text);
  const dates = findDates(text).filter((date) => !BIRTH.test(before(plain, date)));
  const labelled = dates.map((date) => ({ date, label: labelOf(before(plain, date)) }));
  const expires = labelled.filter((entry) => entry.label === 'expiry').map((entry) => entry.date.day);
  const issued = labelled.filter((entry) => entry.label === 'issue').map((entry) => entry.date.day);
  const other = labelled.filter((entry) => entry.label === null).map((entry) => entry.date.day);
  return {
    issuedOn: single(issued) ?? (issued.length === 0 ? single(other) : earliest(issued)),
    expiresOn: single(expires),
    isLabelled: issued.length > 0,
  };
}

/** The words that stand before a date: the rest of its line, or the line above when it stands alone. */
function before(plain: string, date: FoundDate): string {
  const start = plain.lastIndexOf('\n', date.at - 1);
  const own = plain.slice(start + 1, date.at);
  if (/[a-z]/.test(own) || start < 0) return own.slice(-60);
  return plain.slice(plain.lastIndexOf('\n', start - 1) + 1, date.at).slice(-60);
}

/** The label nearest to the date. */
function labelOf(words: string): 'issue' | 'expiry' | null {
  const last = (pattern: RegExp): number =>
    Math.max(-1, ...[...words.matchAll(pattern)].map((match) => match.index));
  const [expiry, issue] = [last(EXPIRY), last(ISSUE)];
  if (expiry < 0 && issue < 0) return null;
  // "Expiry date: …" and "valable jusqu'au … le" hold a weak issue word after the strong one.
  if (expiry >= 0 && /^(date|le)\b/.test(words.slice(issue))) return 'expiry';
  return expiry > issue ? 'expiry' : 'issue';
}

function titleAfterWords(
  lines: readonly Line[],
  person: string | null,
  issuer: string | null,
): string | null {
  for (const [at, { text }] of lines.entries()) {
    if (GENERIC.test(fold(text))) continue;
    for (const pattern of BEFORE_TITLE) {
      const match = pattern.exec(fold(text));
      const words = match?.[1] === undefined ? '' : tidy(text.slice(text.length - match[1].length));
      if (words.length >= 3 && !GENERIC.test(fold(words))) return words;
    }
    if (!ENDS_OPEN.test(fold(text))) continue;
    // A stray mark between the two is no line of its own.
    const next = lines.slice(at + 1, at + 3).find((line) => /\p{L}{3}/u.test(line.text))?.text;
    if (next !== undefined && mayBeTitle(next, person, issuer)) return tidy(next);
  }
  return null;
}

function biggestTitle(lines: readonly Line[], person: string | null, issuer: string | null): string | null {
  const candidates = lines.filter((line) => mayBeTitle(line.text, person, issuer));
  const biggest = Math.max(0, ...candidates.map((line) => line.size ?? 0));
  const chosen = candidates.find((line) => (line.size ?? 0) === biggest);
  return chosen === undefined ? null : tidy(chosen.text);
}

function mayBeTitle(text: string, person: string | null, issuer: string | null): boolean {
  const plain = fold(text);
  if (text.length < 4 || text.length > 120 || !/\p{L}{3}/u.test(text)) return false;
  if (GENERIC.test(plain) || text === person || (issuer !== null && fold(issuer).includes(plain)))
    return false;
  // "Score: 95%", "Instructor: …": a label and its value.
  if (/^[\p{L} .#’']{2,30}\s?[:：]/u.test(text)) return false;
  if (BEFORE_PERSON.test(plain) || BEFORE_ISSUER.test(plain) || NUMBER.test(plain)) return false;
  return (
    findDates(text).length === 0 &&
    !/(https?:|www\.|@|signature|instructor|instructeur|president|director|directeur)/.test(plain)
  );
}

function personIn(lines: readonly Line[]): string | null {
  for (const [at, { text }] of lines.entries()) {
    const match = BEFORE_PERSON.exec(fold(text));
    if (match === null) {
      const next = fold(lines[at + 1]?.text ?? '');
      if (PERSON.test(text) && GOES_ON.test(next) && !GENERIC.test(fold(text))) return text;
      continue;
    }
    const rest = text.slice(text.length - (match[1] ?? '').length).trim();
    const upTo = rest.split(/\s+(?:has|have|a|for|pour)\s+(?=\p{Ll})/u, 1)[0] ?? '';
    const words = upTo === '' ? (lines[at + 1]?.text ?? '') : upTo;
    const name = PERSON.exec(words.replace(/[,;:]$/, ''))?.[1];
    if (name !== undefined && !GENERIC.test(fold(name))) return name;
  }
  return null;
}

function issuerAfterWords(lines: readonly Line[]): string | null {
  for (const line of lines) {
    const match = BEFORE_ISSUER.exec(fold(line.text));
    if (match?.[1] !== undefined && findDates(match[1]).length === 0)
      return tidy(line.text.slice(line.text.length - match[1].length));
  }
  return null;
}

function issuerIn(lines: readonly Line[], text: string, issuers: IssuerList): string | null {
  const stated = issuerAfterWords(lines);
  if (stated !== null) return stated;
  const plain = ` ${fold(text).replace(/[^a-z0-9&.'’-]+/g, ' ')} `;
  const named = issuers
    .flatMap((issuer) => issuer.names)
    // One short word may stand in any sentence ("Google", "Humber").
    .filter(
      (name) =>
        (name.length > 7 || /\w \w/.test(name)) && name.length > 5 && plain.includes(` ${fold(name)} `),
    )
    .toSorted((a, b) => b.length - a.length);
  return named[0] ?? null;
}

function numberIn(lines: readonly Line[]): string | null {
  for (const { text } of lines) {
    const match = NUMBER.exec(fold(text));
    const found = match?.[1] ?? match?.[2];
    if (found === undefined || !/\d/.test(found) || match === null) continue;
    const at = match.index + match[0].length - found.length;
    return text.slice(at, at + found.length);
  }
  return null;
}

function tidy(text: string): string {
  return text.replace(/^[\s"“«:–-]+|[\s"”».,;:–-]+$/gu, '').slice(0, 200);
}

function single(days: readonly Day[]): Day | null {
  const distinct = new Set(days);
  return distinct.size === 1 ? (days[0] ?? null) : null;
}

function earliest(days: readonly Day[]): Day | null {
  return days.toSorted()[0] ?? null;
}
