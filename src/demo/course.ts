import type { InBoth } from './locale.ts';
import { ADMINISTRATOR, type Person } from './people.ts';

/** A place in the course from which the tool is launched. */
export type ResourceLink = {
  readonly id: string;
  readonly title: InBoth;
  readonly description: InBoth | null;
  /** Where the tool wants this link to land (`target_link_uri`). */
  readonly url: string;
  readonly custom: Readonly<Record<string, string>>;
};

export type Course = {
  readonly id: string;
  readonly label: string;
  readonly title: InBoth;
  readonly people: readonly Person[];
  /** Anybody who can sign in. */
  readonly person: (id: string) => Person | undefined;
  readonly links: () => readonly ResourceLink[];
  readonly link: (id: string) => ResourceLink | undefined;
  readonly addLink: (link: Omit<ResourceLink, 'id'>) => ResourceLink;
};

/** One course with one activity, set up the way the tool's own picker would have done it. */
export function createCourse(people: readonly Person[], targetLinkUri: string): Course {
  const links: ResourceLink[] = [
    {
      id: 'activity-1',
      title: { en: 'My certifications and badges', fr: 'Mes certifications et badges' },
      description: {
        en: 'Add each certification and training you complete for your SHSM, with a short reflection.',
        fr: 'Ajoutez chaque certification ou formation que vous terminez pour votre MHS, avec une courte réflexion.',
      },
      url: targetLinkUri,
      custom: { sector: 'health-wellness', kind: 'record', points: '10', scoring: 'rubric' },
    },
  ];
  return {
    id: 'course-1',
    label: 'SHSM-HW',
    title: { en: 'SHSM Health and Wellness', fr: 'MHS Santé et bien-être' },
    people,
    person: (id) => [...people, ADMINISTRATOR].find((person) => person.id === id),
    links: () => links,
    link: (id) => links.find((link) => link.id === id),
    addLink: (link) => {
      const added = { ...link, id: `activity-${links.length + 1}` };
      links.push(added);
      return added;
    },
  };
}
