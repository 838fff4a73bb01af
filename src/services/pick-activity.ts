import type { HandOver, Picking } from '../domain/deep-linking.ts';
import { AppError } from '../domain/errors.ts';
import type { Launch } from '../domain/launch.ts';
import type { Locale } from '../domain/local-text.ts';
import type { Viewer } from '../domain/person.ts';
import type { Sector } from '../domain/sector.ts';
import { courseOf } from './access.ts';
import { NEW_SETTINGS, readSettings, type SettingsForm } from './activity-settings.ts';
import type { FieldProblem, ServiceDeps } from './deps.ts';
import { linkParameters } from './link-parameters.ts';

const LONGEST = { title: 255, text: 2_000 } as const;

/** What the picker holds, as it was typed. */
export type PickForm = SettingsForm & { readonly title: string; readonly text: string };

export type PickResult =
  | { readonly kind: 'picked'; readonly handOver: HandOver }
  | { readonly kind: 'problems'; readonly problems: readonly FieldProblem[] };

/** A teacher adds an activity to a course from inside the LMS (DL 2.0). Nothing is stored here: the link carries its settings. */
export function createPickActivity(deps: ServiceDeps) {
  const { store, rules, newId, answerPicking } = deps;

  /** Throws `forbidden` for students: adding to a course is for those who run it. */
  function begin(launch: Launch, fallback: Locale): { readonly viewer: Viewer; readonly picking: Picking } {
    const { platform, deploymentId, role, context, deepLinking: settings } = launch;
    if (settings === null || (role !== 'teacher' && role !== 'administrator'))
      throw new AppError('forbidden', 'errors.picking-for-teachers');
    const id = newId();
    return {
      picking: {
        id,
        platformId: platform.id,
        deploymentId,
        courseName: [context?.title, context?.label].filter((part) => part != null).join(' '),
        settings,
      },
      viewer: {
        platformId: platform.id,
        deploymentId,
        // A platform may ask outside any course; nothing is looked up then.
        contextId: context?.id ?? '',
        activityId: id,
        userId: launch.userId,
        role,
        name: launch.name,
        email: launch.email,
        locale: launch.locale ?? fallback,
      },
    };
  }

  /** A form that can be sent as it is: the sector of this course, as far as anything tells it, else the first. */
  async function proposed(viewer: Viewer, picking: Picking): Promise<PickForm> {
    const settings = (await store.activitiesIn(courseOf(viewer))).map((activity) => activity.settings);
    const used = settings.findLast((one) => one !== null)?.sectorId;
    const [first] = rules.sectors.toSorted((a, b) =>
      a.name[viewer.locale].localeCompare(b.name[viewer.locale], viewer.locale),
    );
    return {
      ...NEW_SETTINGS,
      sector: used ?? sectorNamed(picking.courseName, rules.sectors)?.id ?? first?.id ?? '',
      title: picking.settings.title ?? '',
      text: picking.settings.text ?? '',
    };
  }

  async function pick(picking: Picking, form: PickForm): Promise<PickResult> {
    const title = form.title.trim();
    const read = readSettings(form, rules);
    const problems = [
      ...(title === '' ? [problem('title', 'activity-title-missing')] : []),
      ...(title.length > LONGEST.title ? [problem('title', 'too-long', LONGEST.title)] : []),
      ...(form.text.length > LONGEST.text ? [problem('text', 'too-long', LONGEST.text)] : []),
      ...('problems' in read ? read.problems : []),
    ];
    if (problems.length > 0 || 'problems' in read) return { kind: 'problems', problems };
    const { settings } = read;
    const text = form.text.trim() || null;
    const handOver = await answerPicking(
      picking,
      { title, text, settings, custom: linkParameters(settings) },
      null,
    );
    return { kind: 'picked', handOver: stillConnected(handOver) };
  }

  /** Nothing was picked; `message` is shown by the LMS. */
  async function cancel(picking: Picking, message: string): Promise<HandOver> {
    return stillConnected(await answerPicking(picking, null, message));
  }

  return { begin, proposed, pick, cancel };
}

function stillConnected(handOver: HandOver | null): HandOver {
  if (handOver === null) throw new AppError('forbidden', 'lti-errors.platform-disabled');
  return handOver;
}

function problem(field: string, key: string, limit = 0): FieldProblem {
  return { field, key: `problems.${key}`, params: limit === 0 ? {} : { limit } };
}

/** The sector whose whole name, in either language, is part of the course's; the longest where several are. */
export function sectorNamed(courseName: string, sectors: readonly Sector[]): Sector | null {
  const course = plain(courseName);
  const names = sectors
    .flatMap((sector) => [sector.name.en, sector.name.fr].map((name) => ({ sector, name: plain(name) })))
    .filter(({ name }) => name !== '' && ` ${course} `.includes(` ${name} `));
  return names.toSorted((a, b) => b.name.length - a.name.length)[0]?.sector ?? null;
}

/** Words in small letters without accents; `&` is a word in neither language. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => !['', 'and', 'et'].includes(word))
    .join(' ');
}
