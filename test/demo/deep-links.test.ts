import { randomUUID } from 'node:crypto';
import { decodeJwt, generateKeyPair, type JWTPayload } from 'jose';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type DemoLms, startDemoLms } from '../../src/demo/demo-lms.ts';
import { type DemoVisitor, signIn } from '../support/demo-visitor.ts';
import { startTrialTool, type TrialTool } from '../support/trial-tool.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';
const ITEM = {
  type: 'ltiResourceLink',
  title: 'First aid only',
  text: 'Hand in your first aid certificate.',
  custom: { sector: 'construction', kind: 'certification' },
  lineItem: { scoreMaximum: 4, resourceId: 'r-1', tag: 'badge' },
};

let tool: TrialTool;
let lms: DemoLms;
let teacher: DemoVisitor;
let settings: Record<string, unknown>;

beforeAll(async () => {
  tool = await startTrialTool(() => NOW);
});
afterAll(() => tool.close());
beforeEach(async () => {
  lms = await startDemoLms({ port: 0, toolUrl: tool.url, samplesDir: null, now: () => NOW });
  teacher = await signIn(lms, 'teacher-1');
  settings = (await openPicker())[`${DL}/deep_linking_settings`] as Record<string, unknown>;
  return lms.close;
});

/** The claims of the deep-linking request that the tool's picker is opened with. */
async function openPicker(): Promise<JWTPayload> {
  const login = await teacher.startLogin('/launch/picker');
  const { fields } = await teacher.authenticate({
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: lms.registration.clientId,
    redirect_uri: `${tool.url}/lti/launch`,
    login_hint: login['login_hint'] ?? '',
    lti_message_hint: login['lti_message_hint'] ?? '',
    state: 's',
    nonce: 'n',
  });
  return decodeJwt(fields['id_token'] ?? '');
}

function response(different: Record<string, unknown> = {}): JWTPayload {
  return {
    iss: lms.registration.clientId,
    aud: lms.registration.issuer,
    iat: NOW / 1000,
    exp: NOW / 1000 + 300,
    nonce: randomUUID(),
    [`${LTI}/message_type`]: 'LtiDeepLinkingResponse',
    [`${LTI}/version`]: '1.3.0',
    [`${LTI}/deployment_id`]: lms.registration.deploymentId,
    [`${DL}/data`]: settings['data'],
    [`${DL}/content_items`]: [ITEM],
    ...different,
  };
}

/** Hands over as the tool's frame does: a form post from elsewhere, without the LMS's cookies. */
async function handOver(jwt: string) {
  const answer = await fetch(String(settings['deep_link_return_url']), {
    method: 'POST',
    body: new URLSearchParams({ JWT: jwt }),
  });
  return {
    status: answer.status,
    words: parse(await answer.text()).querySelector('main')?.textContent ?? '',
  };
}

test('the request tells the tool what it may hand back and where', () => {
  expect(settings).toEqual({
    deep_link_return_url: `${lms.url}/lti/deep-links`,
    accept_types: ['ltiResourceLink'],
    accept_presentation_document_targets: ['iframe'],
    accept_multiple: false,
    accept_lineitem: true,
    auto_create: true,
    data: expect.any(String),
  });
});

test('what the teacher picked becomes an activity with its column', async () => {
  const answer = await handOver(await tool.sign(response()));
  expect([answer.status, answer.words]).toEqual([
    200,
    expect.stringContaining('“First aid only” is now an activity'),
  ]);
  expect(lms.course.link('activity-2')).toEqual({
    id: 'activity-2',
    title: { en: 'First aid only', fr: 'First aid only' },
    description: { en: ITEM.text, fr: ITEM.text },
    url: `${tool.url}/lti/launch`,
    custom: ITEM.custom,
  });
  expect(lms.gradebook.lineItems().at(-1)).toEqual({
    id: 'column-2',
    label: 'First aid only',
    scoreMaximum: 4,
    resourceLinkId: 'activity-2',
    resourceId: 'r-1',
    tag: 'badge',
  });
  expect(await (await teacher.get('/course')).text()).toContain('First aid only');
});

test('an item without points makes no column', async () => {
  const { lineItem: _none, ...ungraded } = ITEM;
  await handOver(await tool.sign(response({ [`${DL}/content_items`]: [ungraded] })));
  expect([lms.course.links().length, lms.gradebook.lineItems().length]).toEqual([2, 1]);
});

test('a teacher may pick nothing, and the tool may say why', async () => {
  const nothing = response({ [`${DL}/content_items`]: [], [`${DL}/msg`]: 'You cancelled.' });
  const answer = await handOver(await tool.sign(nothing));
  expect([answer.status, answer.words.replace(/\s+/g, ' ').trim()]).toEqual([
    200,
    'Nothing was added. You cancelled. Back to the course',
  ]);
  expect(lms.course.links()).toHaveLength(1);
});

test.each<[string, Record<string, unknown>]>([
  ['another issuer', { iss: 'another-tool' }],
  ['another audience', { aud: 'https://lms.example' }],
  ['an expired token', { exp: NOW / 1000 - 120 }],
  ['no exp', { exp: undefined }],
  ['no nonce', { nonce: undefined }],
  ['another message', { [`${LTI}/message_type`]: 'LtiResourceLinkRequest' }],
  ['another version', { [`${LTI}/version`]: '1.1' }],
  ['another deployment', { [`${LTI}/deployment_id`]: 'elsewhere' }],
  ['data that was not sent', { [`${DL}/data`]: 'made-up' }],
  ['no data', { [`${DL}/data`]: undefined }],
  ['two items', { [`${DL}/content_items`]: [ITEM, ITEM] }],
  ['a file', { [`${DL}/content_items`]: [{ type: 'file', url: 'https://a.example/b' }] }],
  ['a number in custom', { [`${DL}/content_items`]: [{ ...ITEM, custom: { points: 10 } }] }],
])('%s is refused', async (_name, different) => {
  const answer = await handOver(await tool.sign(response(different)));
  expect([answer.status, lms.course.links().length]).toEqual([400, 1]);
});

test('a signature of another key is refused, and so is an answer that comes twice', async () => {
  const { privateKey } = await generateKeyPair('RS256');
  expect((await handOver(await tool.sign(response(), privateKey))).status).toBe(400);
  const good = await tool.sign(response());
  const statuses = [(await handOver(good)).status, (await handOver(good)).status];
  expect([statuses, lms.course.links().length]).toEqual([[200, 400], 2]);
});
