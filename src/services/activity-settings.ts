import type { Activity, ActivitySettings } from '../domain/activity.ts';
import { AppError } from '../domain/errors.ts';
import { type Day, dayInOntario, type Instant } from '../domain/instant.ts';
import type { Viewer } from '../domain/person.ts';
import type { Rules } from '../domain/sector.ts';
import { activityOf, requireRole } from './access.ts';
import type { FieldProblem, ServiceDeps } from './deps.ts';

export const KINDS = ['record', 'certification', 'supplementary'] as const;
export const SCORINGS = ['rubric', 'lines', 'completion'] as const;

/** The set-up as it was typed. */
export type SettingsForm = {
  readonly sector: string;
  readonly kind: string;
  readonly certification: string;
  readonly points: string;
  readonly scoring: string;
  readonly prompt: string;
  readonly due: string;
};

/** What a new activity starts from; the sector is the one thing that must be said. */
export const NEW_SETTINGS: SettingsForm = {
  sector: '',
  kind: 'record',
  certification: '',
  points: '10',
  scoring: 'rubric',
  prompt: '',
  due: '',
};

export type SettingsResult =
  | { readonly kind: 'saved'; readonly settings: ActivitySettings }
  | { readonly kind: 'problems'; readonly problems: readonly FieldProblem[] };

/** Understands a set-up, from the teacher's form or from the custom parameters of a link. */
export function readSettings(
  form: SettingsForm,
  rules: Rules,
): { readonly settings: ActivitySettings } | { readonly problems: readonly FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const add = (field: string, key: string) => problems.push({ field, key: `problems.${key}`, params: {} });
  const sector = rules.sectors.find((candidate) => candidate.id === form.sector);
  const kind = KINDS.find((candidate) => candidate === form.kind) ?? 'record';
  const scoring = SCORINGS.find((candidate) => candidate === form.scoring);
  const points = form.points.trim() === '' ? Number.NaN : Number(form.points.replace(',', '.'));
  const certification = sector?.lines.find((line) => line.certificationId === form.certification);
  const due = form.due === '' ? null : endOfDay(form.due);
  if (sector === undefined) add('sector', 'sector-missing');
  if (kind === 'certification' && certification === undefined) add('certification', 'certification-missing');
  if (!(points === 0 || (points >= 1 && points <= 1000))) add('points', 'points-form');
  if (scoring === undefined) add('scoring', 'scoring-missing');
  if (due !== null && (Number.isNaN(due) || !/^\d{4}-\d{2}-\d{2}$/.test(form.due))) add('due', 'due-form');
  if (problems.length > 0 || sector === undefined || scoring === undefined) return { problems };
  return {
    settings: {
      sectorId: sector.id,
      kind,
      certificationId: kind === 'certification' ? form.certification : null,
      pointsPossible: points,
      scoring,
      reflectionPrompt: form.prompt.trim() === '' ? null : form.prompt.trim().slice(0, 2_000),
      dueAt: due,
    },
  };
}

/** Settings as the form shows them. */
export function settingsForm(settings: ActivitySettings): SettingsForm {
  return {
    sector: settings.sectorId,
    kind: settings.kind,
    certification: settings.certificationId ?? '',
    points: String(settings.pointsPossible),
    scoring: settings.scoring,
    prompt: settings.reflectionPrompt ?? '',
    due: settings.dueAt === null ? '' : dayInOntario(settings.dueAt),
  };
}

/** The last second of a day in Ontario, in winter or in summer time; NaN for what is no day. */
function endOfDay(day: Day): Instant {
  const winter = Date.parse(`${day}T23:59:59-05:00`);
  return Number.isNaN(winter) || dayInOntario(winter) === day ? winter : winter - 3_600_000;
}

export function createActivitySettings(deps: ServiceDeps) {
  const { store, rules, now, newId } = deps;

  async function save(viewer: Viewer, form: SettingsForm): Promise<SettingsResult> {
    requireRole(viewer, 'teacher');
    const activity = await activityOf(store, viewer);
    const read = readSettings(form, rules);
    if ('problems' in read) return { kind: 'problems', problems: read.problems };
    if (!(await write(activity, read.settings, viewer.userId)))
      throw new AppError('not_found', 'errors.not_found');
    return { kind: 'saved', settings: read.settings };
  }

  /** `takenFrom` is the activity whose settings a copy takes over. */
  async function write(
    activity: Activity,
    settings: ActivitySettings,
    actor: string,
    takenFrom: string | null = null,
  ): Promise<boolean> {
    return store.saveSettings(activity.id, settings, {
      id: newId(),
      at: now(),
      actor,
      action: 'activity.set-up',
      platformId: activity.platformId,
      deploymentId: activity.deploymentId,
      subject: activity.id,
      detail: {
        sector: settings.sectorId,
        kind: settings.kind,
        points: settings.pointsPossible,
        scoring: settings.scoring,
        ...(takenFrom !== null && { takenFrom }),
      },
    });
  }

  return { save, write };
}
