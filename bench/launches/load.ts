import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { SigningKey } from './platform.ts';

/** One measurement, as the bench asks for it. */
export type LoadJob = {
  readonly tool: {
    readonly url: string;
    readonly loginPath: string;
    readonly launchPath: string;
    /** What the first page must show. */
    readonly shows: string;
  };
  readonly platform: string;
  readonly key: SigningKey;
  readonly launches: number;
  readonly concurrent: number;
};

/** Milliseconds are what the tool took: login, launch and first page, without the platform's own part. */
export type LoadFigures = { readonly perSecond: number; readonly p50: number; readonly p95: number };

const STUDENTS = 500;
const LTI = 'https://purl.imsglobal.org/spec/lti/claim';

/** Plays the browsers of a school and the platform's sign-in, in a process of its own so that the tool has a core. */
async function run(job: LoadJob): Promise<LoadFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: job.concurrent });
  const privateKey = createPrivateKey({ key: job.key.privateKey, format: 'jwk' });
  const took: number[] = [];
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: job.concurrent }, async () => {
      while (next < job.launches) {
        next += 1;
        took.push(await launch(job, agent, privateKey, next));
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  took.sort((a, b) => a - b);
  const at = (share: number) =>
    took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN;
  return { perSecond: job.launches / seconds, p50: at(0.5), p95: at(0.95) };
}

async function launch(
  { tool, platform, key }: LoadJob,
  agent: Agent,
  privateKey: KeyObject,
  n: number,
): Promise<number> {
  const target = `${tool.url}${tool.launchPath}`;
  const loginForm = {
    iss: platform,
    login_hint: `student-${n % STUDENTS}`,
    target_link_uri: target,
    client_id: 'bench-client',
    lti_deployment_id: 'bench-deployment',
  };
  let began = performance.now();
  const login = await ask(agent, `${tool.url}${tool.loginPath}?${new URLSearchParams(loginForm)}`, '');
  let took = performance.now() - began;
  const asked = new URL(login.location).searchParams;
  const claims = claimsOf(platform, target, n % STUDENTS, asked.get('nonce') ?? '');
  const body = new URLSearchParams({
    id_token: signed(claims, key.kid, privateKey),
    state: asked.get('state') ?? '',
  });

  began = performance.now();
  const launched = await ask(agent, target, login.cookies, body.toString());
  const page = await ask(agent, new URL(launched.location, tool.url).href, launched.cookies);
  took += performance.now() - began;
  if (page.status !== 200 || !page.body.includes(tool.shows))
    throw new Error(
      `no first page: ${login.status} ${launched.status} ${page.status} ${page.body.slice(0, 300)}`,
    );
  return took;
}

type Answer = {
  readonly status: number;
  readonly location: string;
  readonly cookies: string;
  readonly body: string;
};

function ask(agent: Agent, url: string, cookies: string, form?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(cookies === '' ? {} : { cookie: cookies }),
      ...(form === undefined
        ? {}
        : {
            'content-type': 'application/x-www-form-urlencoded',
            'content-length': Buffer.byteLength(form),
          }),
    };
    const sent = request(url, { agent, headers, method: form === undefined ? 'GET' : 'POST' }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location ?? '',
          cookies: (response.headers['set-cookie'] ?? []).map((one) => one.split(';', 1)[0]).join('; '),
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(form);
  });
}

/** An ordinary launch of a student into an activity that its link sets up. */
function claimsOf(platform: string, target: string, student: number, nonce: string): object {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: platform,
    aud: 'bench-client',
    iat: now,
    nbf: now,
    exp: now + 1800,
    nonce,
    sub: `student-${student}`,
    name: `Student ${student}`,
    given_name: 'Student',
    family_name: String(student),
    email: `student.${student}@example.test`,
    [`${LTI}/message_type`]: 'LtiResourceLinkRequest',
    [`${LTI}/version`]: '1.3.0',
    [`${LTI}/deployment_id`]: 'bench-deployment',
    [`${LTI}/target_link_uri`]: target,
    [`${LTI}/roles`]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
    [`${LTI}/resource_link`]: { id: 'link-1', title: 'SHSM certifications' },
    [`${LTI}/context`]: {
      id: 'course-1',
      title: 'Health and Wellness SHSM',
      label: 'SHSM-HW',
      type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'],
    },
    [`${LTI}/custom`]: { sector: 'health-wellness', kind: 'record', points: '10', scoring: 'rubric' },
    [`${LTI}/launch_presentation`]: { document_target: 'iframe', locale: 'en-CA' },
  };
}

function signed(claims: object, kid: string, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'RS256', typ: 'JWT', kid })}.${part(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

process.on('message', (job: LoadJob) => {
  run(job).then(
    (figures) => process.send?.({ figures }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
