import { once } from 'node:events';
import { expect, test } from 'vitest';
import { openStore } from '../../src/open-store.ts';
import { openActivity } from '../support/in-course.ts';
import { startServer } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { aPlaceToRun, register } from '../support/whole-tool.ts';

test('a server that is killed between "accepted" and "sent" brings the score after its restart', async () => {
  const { lms, config, env, close } = await aPlaceToRun();
  const store = await openStore(config.database);
  await register(store, lms);
  const first = await startServer(env);
  const student = await openActivity(lms, 'student-1');
  const form = await student.visitor.follow(student.page, 'a[href$="/new"]');
  const badge = lms.samples.all.find(({ award }) => award.id === 'standard-first-aid');
  if (badge === undefined) throw new Error('no sample badge');
  const file = new File([new Uint8Array(await badge.bytes())], badge.fileName);
  await student.visitor.send(
    form,
    'form[data-draft]',
    { way: 'file', file, reflection: 'I would stay calm and call for help.' },
    'action=submit',
  );
  await lms.gradebook.until((cells) => cells.length === 1);
  const teacher = await openActivity(lms, 'teacher-1');
  const review = await teacher.visitor.follow(teacher.page, 'main a[href*="/submissions/"]');
  const levels = Object.fromEntries(
    review.html.querySelectorAll('fieldset.levels').map((one) => [one.getAttribute('id') ?? '', '4']),
  );

  await lms.goOffline();
  const saved = await teacher.visitor.send(
    review,
    'form.decision-side',
    { ...levels, counts: 'line', line: 'standard-first-aid', comment: 'Well done.' },
    'outcome=accepted',
  );
  expect(saved.status).toBe(200);
  // One attempt has failed and given its lease back: the next one is the second server's.
  await until(async () => (await store.cells({ status: 'pending' })).some((cell) => cell.lastError !== null));
  first.kill('SIGKILL');
  await once(first, 'exit');
  await lms.goOnline();
  expect(lms.gradebook.cells()[0]).toMatchObject({ points: null });

  const second = await startServer(env);
  await lms.gradebook.until((cells) => cells[0]?.points === 10, 90_000);
  expect(lms.gradebook.cells()[0]?.score).toMatchObject({
    comment: 'Well done.',
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
  });

  second.kill('SIGTERM');
  const asked = Date.now();
  const [exitCode] = await once(second, 'exit');
  expect({ exitCode, inTime: Date.now() - asked < 10_000 }).toEqual({ exitCode: 0, inTime: true });
  await store.close();
  await close();
}, 120_000);
