import { decodeJwt, type JWTPayload, SignJWT } from 'jose';
import type { DemoLms } from '../../src/demo/demo-lms.ts';
import { createVisitor, type Page, type Visitor } from './visitor.ts';

type Options = {
  readonly locale?: 'en' | 'fr';
  /** What the LMS says instead in this launch; `undefined` takes a claim out. */
  readonly claims?: (usual: JWTPayload) => JWTPayload;
  /** Whose browser; a fresh one without. */
  readonly visitor?: Visitor;
};

/** Signs in at the LMS and opens an activity of the course in the tool, as a person does. */
export function openActivity(
  lms: DemoLms,
  personId: string,
  options: Options & { readonly activity?: string } = {},
): Promise<{ visitor: Visitor; page: Page }> {
  return launchFrom(lms, personId, `/launch/link/${options.activity ?? 'activity-1'}`, options);
}

/** Signs in at the LMS and lets it launch the tool from one of its addresses. */
export async function launchFrom(
  lms: DemoLms,
  personId: string,
  path: string,
  options: Options = {},
): Promise<{ visitor: Visitor; page: Page }> {
  const visitor = options.visitor ?? createVisitor();
  await visitor.open(`${lms.url}/?lang=${options.locale ?? 'en'}`);
  const home = await visitor.open(lms.url);
  await visitor.send(home, 'form.people', {}, `person=${personId}`);
  const handOver = await visitor.open(lms.url + path);
  const usual = handOver.html.querySelector('input[name=id_token]')?.getAttribute('value') ?? '';
  const token = options.claims === undefined ? usual : await signed(lms, options.claims(decodeJwt(usual)));
  return { visitor, page: await visitor.send(handOver, 'form', { id_token: token }) };
}

function signed(lms: DemoLms, claims: JWTPayload): Promise<string> {
  const { kid, privateKey } = lms.keys.current();
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' }).sign(privateKey);
}
