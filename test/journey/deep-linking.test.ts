import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchFrom } from '../support/in-course.ts';
import type { Page, Visitor } from '../support/visitor.ts';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';
const SETTINGS = `${DL}/deep_linking_settings`;
const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const PICKER = 'form[data-set-up]';

let tool: WholeTool;
beforeAll(async () => {
  tool = await startWholeTool();
});
afterAll(() => tool.stop());

/** The activity that was added last. */
const added = () => {
  const link = tool.lms.course.links().at(-1);
  if (link === undefined) throw new Error('the course is empty');
  return link;
};

const openPicker = (locale: 'en' | 'fr' = 'en') =>
  launchFrom(tool.lms, 'teacher-1', '/launch/picker', { locale });
/** The picker, asked for in words of a test. */
const asked = (claims: (usual: JWTPayload) => JWTPayload) =>
  launchFrom(tool.lms, 'teacher-1', '/launch/picker', { claims });
const settings = (over: object) => (usual: JWTPayload) => ({
  ...usual,
  [SETTINGS]: { ...(usual[SETTINGS] as object), ...over },
});
const formAction = ({ headers }: Page) =>
  headers.get('content-security-policy')?.match(/form-action[^;]*/)?.[0];
const itemsOf = (page: Page) => decodeJwt(jwtOf(page))[`${DL}/content_items`] as Record<string, unknown>[];
const jwtOf = (page: Page) => page.html.querySelector('input[name=JWT]')?.getAttribute('value') ?? '';
const handOver = (visitor: Visitor, page: Page) => visitor.send(page, 'form[data-hand-over]', {});

test('two clicks without a choice put a graded activity of the course’s sector into the course', async () => {
  const { visitor, page } = await openPicker();
  expect(page.html.querySelector('#sector option[selected]')?.getAttribute('value')).toBe('health-wellness');
  const signed = await visitor.send(page, PICKER, {});
  expect(signed.status).toBe(200);
  const done = await handOver(visitor, signed);
  expect([done.status, done.text]).toEqual([
    200,
    expect.stringContaining('“SHSM certifications and badges” is now an activity'),
  ]);
  expect(added()).toMatchObject({
    title: { en: 'SHSM certifications and badges' },
    url: `${tool.config.publicUrl}/lti/launch`,
    custom: {
      sector: 'health-wellness',
      kind: 'record',
      points: '10',
      scoring: 'rubric',
      context_history: '$Context.id.history',
      link_history: '$ResourceLink.id.history',
    },
  });
  expect(tool.lms.gradebook.lineItems().at(-1)).toMatchObject({
    label: 'SHSM certifications and badges',
    scoreMaximum: 10,
    resourceLinkId: added().id,
    tag: 'shsm-badges',
  });

  const student = await launchFrom(tool.lms, 'student-1', `/launch/link/${added().id}`);
  expect(student.page.text).toContain('0 of 7 certifications accepted');
});

test('everything that was chosen is there at the first launch', async () => {
  const { visitor, page } = await openPicker('fr');
  const signed = await visitor.send(page, PICKER, {
    sector: 'construction',
    kind: 'certification',
    certification: 'standard-first-aid',
    title: 'Secourisme & <RCR>',
    text: 'Remettez votre certificat.',
    points: '2,5',
    scoring: 'completion',
    prompt: '$5 de secourisme : pourquoi?',
    due: '2027-06-15',
  });
  await handOver(visitor, signed);
  expect(added()).toMatchObject({
    title: { fr: 'Secourisme & <RCR>' },
    description: { fr: 'Remettez votre certificat.' },
  });
  await launchFrom(tool.lms, 'teacher-1', `/launch/link/${added().id}`);
  const [platform] = await tool.app.store.platforms();
  const activities = await tool.app.store.activitiesIn({
    platformId: platform?.id ?? '',
    deploymentId: 'demo-deployment',
    contextId: 'course-1',
  });
  expect(activities.find((activity) => activity.resourceLinkId === added().id)?.settings).toEqual({
    sectorId: 'construction',
    kind: 'certification',
    certificationId: 'standard-first-aid',
    pointsPossible: 2.5,
    scoring: 'completion',
    reflectionPrompt: '$5 de secourisme : pourquoi?',
    dueAt: Date.parse('2027-06-15T23:59:59-04:00'),
  });
});

const settingsOf = async (resourceLinkId: string) => {
  const [platform] = await tool.app.store.platforms();
  const place = { platformId: platform?.id ?? '', deploymentId: 'demo-deployment', contextId: 'course-1' };
  const activities = await tool.app.store.activitiesIn(place);
  return activities.find((activity) => activity.resourceLinkId === resourceLinkId)?.settings;
};

test.each([
  ['the whole record', { kind: 'record' }, { kind: 'record', certificationId: null }],
  [
    'one certification',
    { kind: 'certification', certification: 'standard-first-aid' },
    { kind: 'certification', certificationId: 'standard-first-aid' },
  ],
  ['badges beside the list', { kind: 'supplementary' }, { kind: 'supplementary', certificationId: null }],
  ['marked by the lines met', { scoring: 'lines' }, { scoring: 'lines' }],
  ['marked by the rubric', { scoring: 'rubric' }, { scoring: 'rubric' }],
])('%s is what a student finds at the first launch', async (_what, chosen, expected) => {
  const { visitor, page } = await openPicker();
  await handOver(visitor, await visitor.send(page, PICKER, { sector: 'construction', ...chosen }));
  const { page: home } = await launchFrom(tool.lms, 'student-1', `/launch/link/${added().id}`);
  expect(home.status).toBe(200);
  expect(await settingsOf(added().id)).toMatchObject({ sectorId: 'construction', ...expected });
});

test('what a teacher changes later holds, on the same link and in the same column', async () => {
  const { visitor, page } = await openPicker();
  await handOver(visitor, await visitor.send(page, PICKER, { sector: 'mining', points: '4' }));
  const [links, columns] = [tool.lms.course.links().length, tool.lms.gradebook.lineItems().length];
  const link = added().id;
  const teacher = await launchFrom(tool.lms, 'teacher-1', `/launch/link/${link}`);
  const form = await teacher.visitor.follow(teacher.page, 'nav a[href$="/set-up"]');
  const saved = await teacher.visitor.send(form, PICKER, { sector: 'energy', prompt: 'Why this one?' });
  expect(saved.url).toContain('done=saved');
  await launchFrom(tool.lms, 'student-1', `/launch/link/${link}`);
  expect(await settingsOf(link)).toMatchObject({
    sectorId: 'energy',
    pointsPossible: 4,
    reflectionPrompt: 'Why this one?',
  });
  expect([tool.lms.course.links().length, tool.lms.gradebook.lineItems().length]).toEqual([links, columns]);
});

test('a link that nobody set up offers a teacher the same choices as the picker', async () => {
  const { page: picker } = await openPicker();
  const link = tool.lms.course.addLink({
    title: { en: 'Bare', fr: 'Nu' },
    description: null,
    url: `${tool.config.publicUrl}/lti/launch`,
    custom: {},
  });
  const { page } = await launchFrom(tool.lms, 'teacher-1', `/launch/link/${link.id}`);
  expect(page.html.querySelector('h1')?.text).toBe('First, set up this activity');
  const choices = (of: Page) =>
    of.html
      .querySelectorAll(`${PICKER} input, ${PICKER} textarea, ${PICKER} option`)
      .map((field) =>
        [field.getAttribute('name'), field.getAttribute('type'), field.getAttribute('value')].join(' '),
      )
      .filter((field) => /^(kind|scoring|points|due|prompt| )/.test(field) && !/ hidden /.test(field))
      .toSorted();
  const withoutValues = (of: Page) => choices(of).filter((field) => !field.startsWith('points'));
  expect(choices(page).length).toBeGreaterThan(100);
  expect(withoutValues(page)).toEqual(withoutValues(picker));
});

test('the answer is signed by this tool for this platform, and says all that the standard asks for', async () => {
  const { visitor, page } = await openPicker();
  const jwt = jwtOf(await visitor.send(page, PICKER, { due: '2027-06-15' }));
  const { keys } = (await (await fetch(`${tool.config.publicUrl}/lti/keys`)).json()) as {
    keys: { kid: string }[];
  };
  expect(decodeProtectedHeader(jwt)).toEqual({ alg: 'RS256', typ: 'JWT', kid: keys[0]?.kid });
  const { iat = 0, exp = 0, ...claims } = decodeJwt(jwt);
  expect(exp - iat).toBeLessThanOrEqual(600);
  expect(claims).toEqual({
    iss: tool.lms.registration.clientId,
    aud: tool.lms.registration.issuer,
    nonce: expect.stringMatching(/^.{20,}$/),
    [`${LTI}/message_type`]: 'LtiDeepLinkingResponse',
    [`${LTI}/version`]: '1.3.0',
    [`${LTI}/deployment_id`]: 'demo-deployment',
    [`${DL}/data`]: expect.any(String),
    [`${DL}/content_items`]: [
      {
        type: 'ltiResourceLink',
        url: `${tool.config.publicUrl}/lti/launch`,
        title: 'SHSM certifications and badges',
        custom: expect.objectContaining({ sector: expect.any(String), due: '2027-06-15' }),
        submission: { endDateTime: '2027-06-16T03:59:59.000Z' },
        lineItem: {
          label: 'SHSM certifications and badges',
          scoreMaximum: 10,
          resourceId: expect.any(String),
          tag: 'shsm-badges',
          submissionReview: {
            reviewableStatus: ['InProgress', 'Submitted', 'Completed'],
            url: `${tool.config.publicUrl}/lti/launch`,
          },
        },
      },
    ],
  });
});

test('an activity without points brings no column, and its students are not graded', async () => {
  const columns = tool.lms.gradebook.lineItems().length;
  const { visitor, page } = await openPicker();
  await handOver(visitor, await visitor.send(page, PICKER, { points: '0' }));
  expect(tool.lms.gradebook.lineItems()).toHaveLength(columns);
  const { page: set } = await launchFrom(tool.lms, 'teacher-1', `/launch/link/${added().id}`);
  expect(set.html.querySelector('h1')?.text).toBe('Badges to review');
});

test('cancelling adds nothing and says so', async () => {
  const links = tool.lms.course.links().length;
  const { visitor, page } = await openPicker('fr');
  const done = await handOver(visitor, await visitor.send(page, 'form[action$="/cancel"]', {}));
  expect([done.status, done.text]).toEqual([200, expect.stringContaining('Rien n’a été ajouté.')]);
  expect(tool.lms.course.links()).toHaveLength(links);
});

test('a mistake is shown beside its field, and every choice is still there', async () => {
  const { visitor, page } = await openPicker();
  const again = await visitor.send(page, PICKER, {
    title: ' ',
    sector: 'mining',
    kind: 'certification',
    points: '-1',
    prompt: 'Why?',
  });
  expect(again.status).toBe(422);
  expect(again.html.querySelectorAll('.summary a').map((link) => link.getAttribute('href'))).toEqual([
    '#title',
    '#certification',
    '#points',
  ]);
  expect(again.html.querySelector('#sector option[selected]')?.getAttribute('value')).toBe('mining');
  expect(again.html.querySelector('#prompt')?.text).toBe('Why?');
});

test('the language can be changed in the middle of it', async () => {
  const { visitor, page } = await openPicker();
  const french = await visitor.send(page, 'form.language', {}, 'locale=fr');
  expect(french.url).toBe(page.url);
  expect(french.html.querySelector('h1')?.text).toBe('Ajouter une activité à votre cours');
});

describe('only who may', () => {
  test.each([
    ['a student', `${MEMBERSHIP}#Learner`],
    [
      'somebody without a role in the course',
      'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Staff',
    ],
  ])('%s gets a page that says whom the picker is for', async (_who, role) => {
    const { page } = await asked((usual) => ({ ...usual, [`${LTI}/roles`]: [role] }));
    expect([page.status, page.text]).toEqual([403, expect.stringContaining('Only teachers add activities')]);
  });

  test('the picker of somebody else does not open, and its session opens nothing but the picker', async () => {
    const { visitor, page } = await openPicker();
    const elsewhere = await fetch(page.url);
    expect(elsewhere.status).toBe(401);
    const place = page.url.replace(/\/pick$/, '');
    expect((await visitor.open(`${place}/teacher`)).status).toBe(403);
    expect((await visitor.open(`${place}/student`)).status).toBe(403);
  });

  test('a form without its token changes nothing', async () => {
    const { visitor, page } = await openPicker();
    const refused = await visitor.send(page, PICKER, { token: 'made-up' });
    expect([refused.status, jwtOf(refused)]).toEqual([403, '']);
  });
});

describe('what the platform asks for', () => {
  test.each<[string, object, (item: Record<string, unknown>) => unknown, unknown]>([
    ['no columns', { accept_lineitem: false }, (item) => 'lineItem' in item, false],
    ['nothing about columns', { accept_lineitem: undefined }, (item) => 'lineItem' in item, true],
    ['several items', { accept_multiple: true }, (item) => item['type'], 'ltiResourceLink'],
    ['one item only', { accept_multiple: false }, (item) => item['type'], 'ltiResourceLink'],
    ['no word about how many', { accept_multiple: undefined }, (item) => item['type'], 'ltiResourceLink'],
    ['that it adds them at once', { auto_create: true }, (item) => item['type'], 'ltiResourceLink'],
    [
      'files of some kinds too',
      { accept_types: ['file', 'ltiResourceLink'], accept_media_types: 'image/*' },
      (item) => item['type'],
      'ltiResourceLink',
    ],
    [
      'a frame or a window',
      { accept_presentation_document_targets: ['iframe', 'window'] },
      (item) => 'window' in item,
      false,
    ],
    [
      'no document targets',
      { accept_presentation_document_targets: undefined },
      (item) => 'window' in item,
      false,
    ],
    [
      'a window',
      { accept_presentation_document_targets: ['window'] },
      (item) => item['window'],
      { targetName: '_blank' },
    ],
    ['a title', { title: 'Certificats' }, (item) => item['title'], 'Certificats'],
    ['a text', { text: 'Ici.' }, (item) => item['text'], 'Ici.'],
  ])('%s', async (_what, over, part, expected) => {
    const { visitor, page } = await asked(settings(over));
    const [item] = itemsOf(await visitor.send(page, PICKER, {}));
    expect(part(item ?? {})).toEqual(expected);
  });

  test('data goes back as it came, or not at all', async () => {
    const odd = 'a"b<c>&é + \\n';
    const answer = async (data: string | undefined) => {
      const { visitor, page } = await asked(settings({ data }));
      return decodeJwt(jwtOf(await visitor.send(page, PICKER, {})))[`${DL}/data`];
    };
    expect([await answer(odd), await answer(undefined)]).toEqual([odd, undefined]);
  });

  test('a place that takes no activities is explained, and the way back hands over nothing', async () => {
    const { visitor, page } = await asked(settings({ accept_types: ['file', 'html'] }));
    expect(page.text).toContain('An activity cannot be added here');
    const back = await visitor.send(page, 'form[action$="/cancel"]', {});
    expect(itemsOf(back)).toEqual([]);
  });

  test('outside any course, the picker works all the same', async () => {
    const { visitor, page } = await asked((usual) => ({ ...usual, [`${LTI}/context`]: undefined }));
    const [item] = itemsOf(await visitor.send(page, PICKER, {}));
    expect(item?.['custom']).toMatchObject({ sector: 'agriculture' });
  });

  test.each([
    ['http elsewhere', 'http://lms.example.test/return', 403],
    ['a script', 'javascript:alert(1)', 403],
    ['a name and a password', 'https://a:b@lms.example.test/return', 403],
    ['no address', undefined, 401],
  ])('%s as the way back is refused', async (_what, deep_link_return_url, status) => {
    const { page } = await asked(settings({ deep_link_return_url }));
    expect([page.status, page.html.querySelectorAll('form[data-hand-over]')]).toEqual([status, []]);
  });

  test('the form may go to the platform from this page only, whatever the address holds', async () => {
    const address = 'https://lms.example.test:8443/return?a="><script>&b=;script-src';
    const { visitor, page } = await asked(settings({ deep_link_return_url: address }));
    const signed = await visitor.send(page, PICKER, {});
    expect(signed.html.querySelector('form[data-hand-over]')?.getAttribute('action')).toBe(address);
    expect(signed.html.querySelectorAll('script')).toHaveLength(1);
    expect(formAction(signed)).toBe("form-action 'self' https://lms.example.test:8443");
    expect(formAction(page)).toBe("form-action 'self'");
  });
});
