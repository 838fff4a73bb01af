import { openStore } from '../src/open-store.ts';
import { createPlatforms } from '../src/services/platforms.ts';
import { createVisitor, type Page, type Visitor } from '../test/support/visitor.ts';
import { type Child, startChild } from './child.ts';
import type { Arrival, DemoLmsOptions, DemoLmsReady, StudentBadge } from './demo-lms.ts';
import type { Place } from './places.ts';
import { freePort, startToolServer, type ToolServer } from './tool-server.ts';

/** The tool and an LMS with a class, each in a process of its own; the people are this process. */
export type ClassOfStudents = {
  readonly tool: ToolServer;
  readonly open: (personId: string) => Promise<{ visitor: Visitor; page: Page }>;
  readonly badges: () => Promise<readonly StudentBadge[]>;
  readonly arrivals: () => Promise<readonly Arrival[]>;
  readonly stop: () => Promise<void>;
};

export async function startClass(place: Place, students: number): Promise<ClassOfStudents> {
  const port = await freePort();
  const toolUrl = `http://localhost:${port}`;
  const lms: Child<DemoLmsReady, unknown> = await startChild('demo-lms.ts', {
    toolUrl,
    students,
  } satisfies DemoLmsOptions);
  await register(place, lms.ready);
  const tool = await startToolServer(
    { SHSM_DATABASE: place.variable, SHSM_ALLOW_PRIVATE_HOSTS: new URL(lms.ready.url).host },
    port,
  );
  const ask = async (question: string) => lms.ask(question);
  return {
    tool,
    open: async (personId) => {
      const visitor = createVisitor();
      await visitor.open(`${lms.ready.url}/?lang=en`);
      const home = await visitor.open(lms.ready.url);
      await visitor.send(home, 'form.people', {}, `person=${personId}`);
      const handOver = await visitor.open(`${lms.ready.url}/launch/link/activity-1`);
      return { visitor, page: await visitor.send(handOver, 'form', {}) };
    },
    badges: async () => (await ask('badges')) as readonly StudentBadge[],
    arrivals: async () => (await ask('arrivals')) as readonly Arrival[],
    stop: async () => {
      await tool.stop();
      await lms.stop();
    },
  };
}

async function register(place: Place, { registration }: DemoLmsReady): Promise<void> {
  const { deploymentId, ...platform } = registration;
  const store = await openStore(place.database);
  const platforms = createPlatforms({ store, now: Date.now, newId: () => crypto.randomUUID() }, false);
  const added = await platforms.add({
    name: 'Demo LMS',
    ...platform,
    audience: null,
    deploymentIds: [deploymentId],
  });
  await store.close();
  if (added.kind === 'problems') throw new Error(added.problems.join('\n'));
}
