import { Router, urlencoded } from 'express';
import { jwtVerify } from 'jose';
import { z } from 'zod';
import type { Lms, OpenPicker } from './lms.ts';
import type { Pages } from './pages.ts';
import { note } from './service-log.ts';
import { CLAIM } from './vocabulary.ts';

const lineItem = z.object({
  label: z.string().optional(),
  scoreMaximum: z.number().positive(),
  resourceId: z.string().optional(),
  tag: z.string().optional(),
});

const resourceLinkItem = z.object({
  type: z.literal('ltiResourceLink'),
  url: z.url().optional(),
  title: z.string().min(1).optional(),
  text: z.string().optional(),
  custom: z.record(z.string(), z.string()).optional(),
  lineItem: lineItem.optional(),
});

/** DL 2.0 §4.5 with the envelope of Security Framework §5.2. */
const response = z.object({
  exp: z.number(),
  iat: z.number(),
  nonce: z.string().min(1),
  [CLAIM.messageType]: z.literal('LtiDeepLinkingResponse'),
  [CLAIM.version]: z.literal('1.3.0'),
  [CLAIM.deploymentId]: z.string(),
  [CLAIM.deepLinkingData]: z.string(),
  [CLAIM.deepLinkingItems]: z.array(resourceLinkItem).max(1),
  [CLAIM.deepLinkingMessage]: z.string().optional(),
  [CLAIM.deepLinkingError]: z.string().optional(),
});

type Response = z.infer<typeof response>;
type Outcome =
  | { readonly problem: string }
  | { readonly problem: null; readonly picker: OpenPicker; readonly answer: Response };

/** Where the tool's picker hands over what the teacher chose. */
export function deepLinkRoutes(lms: Lms, pages: Pages): Router {
  const router = Router();
  router.post(
    '/lti/deep-links',
    lms.log.record,
    urlencoded({ extended: false, limit: '1mb' }),
    async (req, res) => {
      const { locale } = lms.sessions.visitor(req);
      const outcome = await readResponse(lms, req.body);
      if (outcome.problem !== null) {
        note(res, outcome.problem);
        return pages.refuse(res, locale, 400, 'picker-refused', { why: outcome.problem });
      }
      const [item] = outcome.answer[CLAIM.deepLinkingItems];
      const message =
        outcome.answer[CLAIM.deepLinkingMessage] ?? outcome.answer[CLAIM.deepLinkingError] ?? null;
      const title = item === undefined ? null : addToCourse(lms, item);
      note(res, title === null ? 'nothing was chosen' : `added "${title}"`);
      pages.show(res, {
        template: 'picked',
        locale: outcome.picker.locale,
        framed: true,
        data: { title, message },
      });
    },
  );
  return router;
}

async function readResponse(lms: Lms, form: unknown): Promise<Outcome> {
  const posted = z.object({ JWT: z.string() }).safeParse(form);
  if (!posted.success) return { problem: 'the form carries no JWT' };
  try {
    const { payload } = await jwtVerify(posted.data.JWT, lms.toolKeys, {
      algorithms: ['RS256'],
      issuer: lms.clientId,
      audience: lms.url,
      clockTolerance: 60,
      currentDate: new Date(lms.now()),
    });
    const read = response.safeParse(payload);
    if (!read.success) {
      return {
        problem: `missing or wrong: ${read.error.issues.map((issue) => issue.path.join('.')).join(', ')}`,
      };
    }
    const answer = read.data;
    if (answer[CLAIM.deploymentId] !== lms.deploymentId) return { problem: 'another deployment' };
    const picker = lms.pickers.get(answer[CLAIM.deepLinkingData]);
    if (picker === undefined) return { problem: 'data is not what was sent' };
    if (!lms.spent.keepOnce(`nonce ${answer.nonce}`, true)) return { problem: 'nonce was used before' };
    lms.pickers.delete(answer[CLAIM.deepLinkingData]);
    return { problem: null, picker, answer };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'not a token' };
  }
}

function addToCourse(lms: Lms, item: z.infer<typeof resourceLinkItem>): string {
  const title = item.title ?? 'SHSM Badges';
  const link = lms.course.addLink({
    title: { en: title, fr: title },
    description: item.text === undefined ? null : { en: item.text, fr: item.text },
    url: item.url ?? `${lms.toolUrl}/lti/launch`,
    custom: item.custom ?? {},
  });
  if (item.lineItem !== undefined) {
    lms.gradebook.addLineItem({
      label: item.lineItem.label ?? title,
      scoreMaximum: item.lineItem.scoreMaximum,
      resourceLinkId: link.id,
      resourceId: item.lineItem.resourceId ?? null,
      tag: item.lineItem.tag ?? null,
    });
  }
  return title;
}
