import { importPKCS8, SignJWT } from 'jose';
import type { DeepLinkingSettings, PickedLink, Picking } from '../domain/deep-linking.ts';
import type { NewId, Now } from '../domain/instant.ts';
import type { AnswerPicking } from '../domain/ports/answer-picking.ts';
import { CLAIM } from './launch-claims.ts';
import { COLUMN_TAG } from './line-items.ts';
import type { SigningIdentityOf } from './signing-identity.ts';

const LTI_DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';
/** Clocks differ: an answer must not come from the platform's future. */
const ISSUED_EARLIER_S = 5;
/** The browser posts it at once; a slow one, or a person without JavaScript, gets a few minutes. */
const LIFE_S = 5 * 60;
/** An activity of a course is the one kind of item that this tool hands back. */
export const ITEM_TYPE = 'ltiResourceLink';

/**
 * Signs deep-linking responses (DL 2.0 §4.5, Security Framework §5.2) with the key that the platform knows us by.
 * @param deps.publicUrl the origin the LMS sees, without a path
 */
export function createAnswerPicking(deps: {
  readonly identityOf: SigningIdentityOf;
  readonly publicUrl: string;
  readonly now: Now;
  readonly newId: NewId;
}): AnswerPicking {
  const { identityOf, publicUrl, now, newId } = deps;

  return async function answerPicking(picking, picked, message) {
    const identity = await identityOf(picking.platformId);
    if (identity === null) return null;
    const { returnUrl, data } = picking.settings;
    const seconds = Math.floor(now() / 1000);
    const jwt = await new SignJWT({
      nonce: newId(),
      [CLAIM.messageType]: 'LtiDeepLinkingResponse',
      [CLAIM.version]: '1.3.0',
      [CLAIM.deploymentId]: picking.deploymentId,
      [`${LTI_DL}/content_items`]:
        picked === null ? [] : [itemOf(picking, picked, `${publicUrl}/lti/launch`)],
      ...(data !== null && { [`${LTI_DL}/data`]: data }),
      ...(message !== null && { [`${LTI_DL}/msg`]: message }),
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: identity.kid })
      .setIssuer(identity.clientId)
      .setAudience(identity.issuer)
      .setIssuedAt(seconds - ISSUED_EARLIER_S)
      .setExpirationTime(seconds + LIFE_S)
      .sign(await importPKCS8(identity.privateKeyPem, 'RS256'));
    return { action: returnUrl, jwt };
  };
}

/** A resource link (DL 2.0 §3.2.6). Only an activity with points brings a column: a platform makes one for each it is given. */
function itemOf({ id, settings }: Picking, picked: PickedLink, url: string) {
  const { pointsPossible, dueAt } = picked.settings;
  return {
    type: ITEM_TYPE,
    url,
    title: picked.title,
    ...(picked.text !== null && { text: picked.text }),
    custom: picked.custom,
    ...(dueAt !== null && { submission: { endDateTime: new Date(dueAt).toISOString() } }),
    ...(opensInWindow(settings) && { window: { targetName: '_blank' } }),
    ...(settings.acceptLineItem &&
      pointsPossible > 0 && {
        lineItem: {
          label: picked.title,
          scoreMaximum: pointsPossible,
          resourceId: id,
          tag: COLUMN_TAG,
          // LTI Submission Review 1.0: the teacher gets from a cell of the gradebook to what was handed in.
          submissionReview: { reviewableStatus: ['InProgress', 'Submitted', 'Completed'], url },
        },
      }),
  };
}

/** The frame is the platform's own choice; a window has to be asked for where it is all that is accepted. */
function opensInWindow({ documentTargets }: DeepLinkingSettings): boolean {
  return documentTargets.includes('window') && !documentTargets.includes('iframe');
}
