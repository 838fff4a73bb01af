import { createHash } from 'node:crypto';
import type { Activity } from '../domain/activity.ts';
import { OPERATOR } from '../domain/audit.ts';
import { type Day, dayInOntario } from '../domain/instant.ts';
import type { Locale } from '../domain/local-text.ts';
import type { Certification, SectorLine } from '../domain/sector.ts';
import type { Submission } from '../domain/submission.ts';
import type { ServiceDeps } from './deps.ts';
import { scoreAfter } from './gradebook-state.ts';
import { spreadsheetDay } from './spreadsheet-day.ts';
import { hoursOf, LIMITS } from './submission-form.ts';

export const RECORD_COLUMNS = [
  'platform',
  'context',
  'link',
  'user',
  'certification',
  'issuedOn',
  'issuer',
  'hours',
  'note',
] as const;
export type RecordColumn = (typeof RECORD_COLUMNS)[number];
/** One row as the spreadsheet has it; nothing where the cell is empty. */
export type RecordRow = Readonly<Record<RecordColumn, string>>;

export type RowProblem = {
  readonly column: RecordColumn;
  readonly problem:
    | 'missing'
    | 'too-long'
    | 'unknown-platform'
    | 'unknown-context'
    | 'unknown-link'
    | 'two-links'
    | 'not-set-up'
    | 'not-a-student'
    | 'unknown-certification'
    | 'not-on-list'
    | 'date-form'
    | 'date-ambiguous'
    | 'date-future'
    | 'hours-form'
    | 'recorded-differently';
  readonly params: Readonly<Record<string, string>>;
};

export type RowOutcome =
  | { readonly kind: 'imported' | 'known' }
  | { readonly kind: 'problems'; readonly problems: readonly RowProblem[] };

type Entry = {
  readonly id: string;
  readonly activity: Activity;
  readonly userId: string;
  readonly line: SectorLine;
  readonly certification: Certification;
  readonly issuedOn: Day | null;
  readonly issuer: string;
  readonly hours: number | null;
  readonly note: string;
};

const ID_LENGTH = 255;
const NOTE_LENGTH = 5_000;
const TRIES = 5;
const REQUIRED = ['platform', 'context', 'link', 'user', 'certification'] as const;

/**
 * Certifications that staff have on paper become accepted records, by the same way as a teacher's decision: submission,
 * gradebook state and audit line in one write. A record is known by activity, student, certification and date, so the same
 * row again, in this file or the next, changes nothing, and a run that was broken off can be run again.
 */
export function createImportRecords(
  deps: Pick<
    ServiceDeps,
    'store' | 'rules' | 'rubric' | 'readCredential' | 'placeCredential' | 'now' | 'newId'
  >,
  options: { readonly dryRun: boolean; readonly locale: Locale },
) {
  const { store, rules, now, newId } = deps;
  const sectors = new Map(rules.sectors.map((sector) => [sector.id, sector]));
  const certifications = new Map(rules.certifications.map((one) => [one.id, one]));
  const seenInDryRun = new Set<string>();
  const platforms = new Map<string, Promise<boolean>>();
  const courses = new Map<string, Promise<readonly Activity[]>>();

  const remembered = <T>(map: Map<string, Promise<T>>, key: string, find: () => Promise<T>): Promise<T> => {
    const known = map.get(key) ?? find();
    map.set(key, known);
    return known;
  };

  async function importRow(row: RecordRow): Promise<RowOutcome> {
    const read = await readRow(row);
    if ('problems' in read) return { kind: 'problems', problems: read.problems };
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = await store.submission(read.id);
      if (known !== null) return asRecorded(known, read);
      if (options.dryRun) {
        if (seenInDryRun.has(read.id)) return { kind: 'known' };
        seenInDryRun.add(read.id);
        return { kind: 'imported' };
      }
      if (await save(read)) return { kind: 'imported' };
    }
    throw new Error('a student’s gradebook cell changes faster than a record can be written');
  }

  /** What a teacher has decided on it since stays as it is. */
  function asRecorded(known: Submission, entry: Entry): RowOutcome {
    const { issuer, hours } = known.input.typed;
    const isSame = issuer === entry.issuer && hours === (entry.hours?.toString() ?? '');
    return isSame ? { kind: 'known' } : problems([['certification', 'recorded-differently']]);
  }

  async function readRow(row: RecordRow): Promise<Entry | { problems: readonly RowProblem[] }> {
    const found: RowProblem[] = [];
    const add = (column: RecordColumn, problem: RowProblem['problem'], params = {}) =>
      found.push({ column, problem, params });
    for (const column of REQUIRED)
      if (row[column] === '') add(column, 'missing');
      else if (row[column].length > ID_LENGTH) add(column, 'too-long', { limit: String(ID_LENGTH) });
    if (row.issuer.length > LIMITS.issuer) add('issuer', 'too-long', { limit: String(LIMITS.issuer) });
    if (row.note.length > NOTE_LENGTH) add('note', 'too-long', { limit: String(NOTE_LENGTH) });
    const issuedOn = spreadsheetDay(row.issuedOn);
    if (issuedOn === 'unclear') add('issuedOn', 'date-form');
    else if (issuedOn === 'ambiguous') add('issuedOn', 'date-ambiguous');
    else if (issuedOn !== null && issuedOn > dayInOntario(now())) add('issuedOn', 'date-future');
    const hours = hoursOf(row.hours);
    if (hours === 'unclear') add('hours', 'hours-form');

    const place = await findPlace(row);
    if ('problem' in place) {
      if (row[place.column] !== '') found.push(place);
      return { problems: found };
    }
    const { activity, sectorId } = place;
    const sector = sectors.get(sectorId);
    const line = sector?.lines.find((one) => one.certificationId === row.certification);
    const certification = certifications.get(row.certification);
    if (row.certification !== '' && certification === undefined)
      add('certification', 'unknown-certification');
    else if (certification !== undefined && line === undefined)
      add('certification', 'not-on-list', { sector: sector?.id ?? sectorId });
    const member = await store.member(activity, row.user);
    if (member !== null && member.role !== 'student') add('user', 'not-a-student');
    const isUnread = issuedOn === 'unclear' || issuedOn === 'ambiguous' || hours === 'unclear';
    if (found.length > 0 || line === undefined || certification === undefined || isUnread)
      return { problems: found };
    return {
      id: recordId([activity.id, row.user, row.certification, issuedOn ?? '']),
      activity,
      userId: row.user,
      line,
      certification,
      issuedOn,
      issuer: row.issuer,
      hours,
      note: row.note,
    };
  }

  /** The activity of the row, in whichever deployment it was opened. */
  async function findPlace(row: RecordRow): Promise<{ activity: Activity; sectorId: string } | RowProblem> {
    const bad = (column: RecordColumn, problem: RowProblem['problem']) => ({ column, problem, params: {} });
    const isKnown = await remembered(platforms, row.platform, async () => {
      return (await store.platform(row.platform)) !== null;
    });
    if (!isKnown) return bad('platform', 'unknown-platform');
    const course = JSON.stringify([row.platform, row.context]);
    const activities = await remembered(courses, course, () => activitiesOf(row.platform, row.context));
    if (activities.length === 0) return bad('context', 'unknown-context');
    const [activity, another] = activities.filter((one) => one.resourceLinkId === row.link);
    if (activity === undefined) return bad('link', 'unknown-link');
    if (another !== undefined) return bad('link', 'two-links');
    if (activity.settings === null) return bad('link', 'not-set-up');
    return { activity, sectorId: activity.settings.sectorId };
  }

  async function activitiesOf(platformId: string, contextId: string): Promise<readonly Activity[]> {
    const deployments = await store.deployments(platformId);
    const found = await Promise.all(
      deployments.map(({ deploymentId }) => store.activitiesIn({ platformId, deploymentId, contextId })),
    );
    return found.flat();
  }

  /** False when the student's cell changed meanwhile. */
  async function save(entry: Entry): Promise<boolean> {
    const { activity, certification, line } = entry;
    const at = now();
    const title = certification.name[options.locale];
    const { issuedOn, issuer, hours } = entry;
    const credential = await deps.readCredential(
      { kind: 'typed', facts: { title, issuer, issuedOn, expiresOn: null, hours, certificateNumber: '' } },
      null,
    );
    const sectorId = activity.settings?.sectorId ?? '';
    const placement = deps.placeCredential({
      sectorId,
      credential,
      expected: { name: null, emails: [], studentNumber: null },
      today: dayInOntario(at),
      duplicates: { own: 0, others: 0 },
    });
    const submission: Submission = {
      id: entry.id,
      activityId: activity.id,
      platformId: activity.platformId,
      deploymentId: activity.deploymentId,
      contextId: activity.contextId,
      userId: entry.userId,
      sectorId,
      state: 'accepted',
      input: {
        way: 'typed',
        address: '',
        typed: {
          title,
          issuer,
          issuedOn: issuedOn ?? '',
          expiresOn: '',
          hours: hours?.toString() ?? '',
          certificateNumber: '',
        },
        evidenceId: null,
      },
      reflection: '',
      reading: null,
      credential,
      placement,
      decision: {
        outcome: 'accepted',
        placement: line.role === 'compulsory' ? 'compulsory' : 'elective',
        lines: [line.certificationId],
        marks: {},
        comment: entry.note,
        decidedBy: OPERATOR,
        decidedAt: at,
        rulesVersion: rules.version,
      },
      createdAt: at,
      updatedAt: at,
      submittedAt: at,
      version: 1,
    };
    const saved = await store.saveSubmission(
      {
        submission,
        fromVersion: 0,
        evidence: null,
        score: await scoreAfter(deps, activity, submission),
        audit: {
          id: newId(),
          at,
          actor: OPERATOR,
          action: 'submission.accepted',
          platformId: activity.platformId,
          deploymentId: activity.deploymentId,
          subject: submission.id,
          detail: { lines: line.certificationId, rules: rules.version, imported: true },
        },
      },
      at,
    );
    return saved === 'saved';
  }

  return importRow;
}

function problems(list: readonly (readonly [RecordColumn, RowProblem['problem']])[]): RowOutcome {
  return {
    kind: 'problems',
    problems: list.map(([column, problem]) => ({ column, problem, params: {} })),
  };
}

/** The same for the same record, whenever and wherever it is imported. */
function recordId(identity: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}
