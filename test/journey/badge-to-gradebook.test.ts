import { afterAll, beforeAll, expect, test } from 'vitest';
import { openActivity } from '../support/in-course.ts';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

let tool: WholeTool;
beforeAll(async () => {
  tool = await startWholeTool();
});
afterAll(() => tool.stop());

const REFLECTION = 'I learned how to help somebody who is not breathing, and to call for help first.';

function sample(id: string, person = 'student-1', locale = 'en') {
  const found = tool.lms.samples.all.find(
    (one) => one.award.id === id && one.person.id === person && one.locale === locale,
  );
  if (found === undefined) throw new Error(`no sample ${id}`);
  return found;
}

const fileOf = async (one: ReturnType<typeof sample>) =>
  new File([new Uint8Array(await one.bytes())], one.fileName);

const cellOf = (userId: string) => tool.lms.gradebook.cells().find((cell) => cell.userId === userId);

test('a badge travels from the student’s hand to the gradebook, without JavaScript', async () => {
  const { lms } = tool;
  const student = await openActivity(lms, 'student-1');
  expect(student.page.text).toContain('0 of 7 certifications accepted');

  const badge = sample('standard-first-aid');
  const form = await student.visitor.follow(student.page, 'a[href$="/new"]');
  const result = await student.visitor.send(
    form,
    'form[data-draft]',
    {
      way: 'file',
      file: await fileOf(badge),
      reflection: REFLECTION,
    },
    'action=submit',
  );
  expect(result.status, result.text).toBe(200);
  expect(result.html.querySelector('h1')?.text).toBe('Standard First Aid with CPR-C and AED');
  expect(result.text).toContain('Verified: this badge is genuine');
  expect(result.text).toContain('Standard First Aid');
  await lms.gradebook.until((cells) => cells.some((cell) => cell.score.gradingProgress === 'PendingManual'));

  const teacher = await openActivity(lms, 'teacher-1');
  expect(teacher.page.text).toContain('Student One');
  const review = await teacher.visitor.follow(teacher.page, 'main a[href*="/submissions/"]');
  expect(review.text).toContain(REFLECTION);
  const levels = Object.fromEntries(
    review.html.querySelectorAll('fieldset.levels').map((one) => [one.getAttribute('id') ?? '', '3']),
  );
  const decidedAt = Date.now();
  const saved = await teacher.visitor.send(
    review,
    'form.decision-side',
    { ...levels, counts: 'proposed', comment: 'Well explained.' },
    'outcome=accepted',
  );
  expect(saved.status).toBe(200);

  await lms.gradebook.until(
    (cells) => cells.some((cell) => cell.score.gradingProgress === 'FullyGraded'),
    2_000,
  );
  const userId = lms.gradebook.cells()[0]?.userId ?? '';
  expect(cellOf(userId)).toMatchObject({
    points: 7.5,
    score: {
      scoreGiven: 7.5,
      scoreMaximum: 10,
      comment: 'Well explained.',
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
    },
  });
  expect(cellOf(userId)?.score.timestamp).toBeGreaterThanOrEqual(decidedAt);
  expect(lms.gradebook.lineItems()).toHaveLength(1);

  const again = await openActivity(lms, 'student-1');
  expect(again.page.text).toContain('2 of 7 certifications accepted');
});

test('a returned badge comes back with the comment, keeps every word, and can be handed in again', async () => {
  const { lms } = tool;
  const student = await openActivity(lms, 'student-2', { locale: 'fr' });
  const typed = {
    way: 'typed',
    title: 'Prévention des infections',
    issuer: 'Centre de formation de la région',
    issuedOn: '2026-05-04',
    expiresOn: '',
    hours: '3,5',
    certificateNumber: 'CF-2026-17',
  };
  const proof = sample('infection-control', 'student-2', 'fr');
  const form = await student.visitor.follow(student.page, 'a[href$="/new"]');
  const withoutProof = await student.visitor.send(
    form,
    'form[data-draft]',
    { ...typed, reflection: '' },
    'action=submit',
  );
  expect(withoutProof.status).toBe(422);
  expect(withoutProof.html.querySelector('title')?.text).toMatch(/^Erreur/);
  expect(withoutProof.html.querySelector('#title')?.getAttribute('value')).toBe(typed.title);

  const result = await student.visitor.send(
    withoutProof,
    'form[data-draft]',
    {
      file: await fileOf(proof),
      reflection: 'J’ai appris à bien me laver les mains.',
    },
    'action=submit',
  );
  expect(result.status).toBe(200);

  const teacher = await openActivity(lms, 'teacher-1');
  const review = await teacher.visitor.follow(teacher.page, 'main a[href*="/submissions/"]');
  const refused = await teacher.visitor.send(review, 'form.decision-side', {}, 'outcome=returned');
  expect(refused.text).toContain('Tell the student what to change.');
  await teacher.visitor.send(
    refused,
    'form.decision-side',
    { comment: 'La photo est floue.' },
    'outcome=returned',
  );

  const back = await openActivity(lms, 'student-2', { locale: 'fr' });
  expect(back.page.text).toContain('La photo est floue.');
  const edit = await back.visitor.follow(back.page, 'main a[href*="/submissions/"]');
  expect(edit.html.querySelector('#title')?.getAttribute('value')).toBe(typed.title);
  expect(edit.html.querySelector('#reflection')?.text).toBe('J’ai appris à bien me laver les mains.');
  const handedIn = await back.visitor.send(edit, 'form[data-draft]', {}, 'action=submit');
  expect(handedIn.status).toBe(200);
  const audit = await tool.app.store.auditOf(new URL(handedIn.url).pathname.split('/').at(-1) ?? '');
  expect(audit.map((event) => event.action)).toEqual([
    'submission.read',
    'submission.submitted',
    'submission.returned',
    'submission.read',
    'submission.submitted',
  ]);
});

test('a badge with somebody else’s address is called genuine, but not this student’s', async () => {
  const { lms } = tool;
  const student = await openActivity(lms, 'student-1');
  const form = await student.visitor.follow(student.page, 'a[href$="/new"]');
  const result = await student.visitor.send(
    form,
    'form[data-draft]',
    { way: 'file', file: await fileOf(sample('podcast-basics', 'student-2')), reflection: REFLECTION },
    'action=submit',
  );
  expect(result.html.querySelector('.verdict h2')?.text.trim()).toBe(
    'A genuine badge; whose it is could not be confirmed',
  );
});

test('a badge that is not on the sector’s list stands beside it and says why', async () => {
  const { lms } = tool;
  const student = await openActivity(lms, 'student-2');
  const form = await student.visitor.follow(student.page, 'a[href$="/new"]');
  const result = await student.visitor.send(
    form,
    'form[data-draft]',
    { way: 'file', file: await fileOf(sample('podcast-basics', 'student-2')), reflection: REFLECTION },
    'action=submit',
  );
  expect(result.html.querySelector('.verdict h2')?.text.trim()).toBe('Verified: this badge is genuine');
  expect(result.text).toContain('Another student has handed in the same badge.');
  expect(result.text).toContain('does not replace');
  expect(result.html.querySelectorAll('[aria-labelledby=quality-h] li')).toHaveLength(12);
});

test('a hosted badge is handed in by its address, asked for at its issuer, and fills its line', async () => {
  const { address } = sample('whmis-2015');
  const student = await openActivity(tool.lms, 'student-1');
  const form = await student.visitor.follow(student.page, 'a[href$="/new"]');
  const result = await student.visitor.send(
    form,
    'form[data-draft]',
    { way: 'address', address: address ?? '', reflection: REFLECTION },
    'action=submit',
  );
  expect(result.html.querySelector('h1')?.text.trim()).toBe('WHMIS 2015');
  expect(result.html.querySelector('.verdict h2')?.text.trim()).toBe('Verified: this badge is genuine');
  expect(result.text).toContain('Proposed for a compulsory line of your sector’s list');
  const review = await openActivity(tool.lms, 'teacher-1');
  expect(review.page.text).toContain('WHMIS 2015');
});

test('an address that does not answer is named, and nothing typed is lost', async () => {
  const student = await openActivity(tool.lms, 'student-1');
  const form = await student.visitor.follow(student.page, 'a[href$="/new"]');
  const typed = { way: 'address', address: `${tool.lms.url}/issuer/no-such-badge`, reflection: REFLECTION };
  const result = await student.visitor.send(form, 'form[data-draft]', typed, 'action=submit');
  expect(result.status).toBe(422);
  expect(result.html.querySelector('#address')?.getAttribute('value')).toBe(typed.address);
  expect(result.html.querySelector('#reflection')?.text).toBe(REFLECTION);
});
