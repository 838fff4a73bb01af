import { z } from 'zod';
import type { ActivitySettings } from '../../domain/activity.ts';
import type { CredentialReport, RecipientSign } from '../../domain/credential.ts';
import type { Picking } from '../../domain/deep-linking.ts';
import type { DeliveryError, DesiredScore } from '../../domain/gradebook.ts';
import type { PendingReading } from '../../domain/pending-reading.ts';
import type { Viewer } from '../../domain/person.ts';
import type { PlacementReport } from '../../domain/placement.ts';
import type { ShsmDates } from '../../domain/shsm-dates.ts';
import type { Decision, SubmissionInput } from '../../domain/submission.ts';

/** A column that holds JSON, read back through `schema`. */
export function json<T>(schema: z.ZodType<T>): z.ZodType<T, string> {
  return z.string().transform((text, context) => {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues)
      context.addIssue({ code: 'custom', message: issue.message, path: [...issue.path] });
    return z.NEVER;
  });
}

/**
 * One of a closed set of words. They were checked on the way in; on the way out a word that an older version wrote
 * must not make a record unreadable.
 */
export function word<T extends string>(): z.ZodType<T> {
  return z.custom<T>((value) => typeof value === 'string');
}

// Objects are loose: a field that this version does not know stays in place when the record is written again.
const text = z.string().nullable();
const number = z.number().nullable();

export const settingsColumn: z.ZodType<ActivitySettings> = z.looseObject({
  sectorId: z.string(),
  kind: word<ActivitySettings['kind']>(),
  certificationId: text,
  pointsPossible: z.number(),
  scoring: word<ActivitySettings['scoring']>(),
  reflectionPrompt: text,
  dueAt: number,
});

export const shsmDatesColumn: z.ZodType<ShsmDates> = z.looseObject({
  startedOn: text,
  graduatesOn: text,
  statedBy: word<ShsmDates['statedBy']>(),
  statedAt: z.number(),
});

export const inputColumn: z.ZodType<SubmissionInput> = z.looseObject({
  way: word<SubmissionInput['way']>(),
  address: z.string(),
  typed: z.looseObject({
    title: z.string(),
    issuer: z.string(),
    issuedOn: z.string(),
    expiresOn: z.string(),
    hours: z.string(),
    certificateNumber: z.string(),
  }),
  evidenceId: text,
  award: text.exactOptional(),
  wasPersonal: z.boolean().exactOptional(),
});

export const credentialColumn: z.ZodType<CredentialReport> = z.looseObject({
  format: word<CredentialReport['format']>(),
  outcome: word<CredentialReport['outcome']>(),
  credential: z.looseObject({
    name: text,
    issuer: z.looseObject({ name: text, url: text }),
    recipient: z.looseObject({
      name: text,
      matches: z.boolean().nullable(),
      by: word<RecipientSign>().exactOptional(),
      addresses: z.array(z.looseObject({ hash: z.string(), salt: z.string() })).exactOptional(),
    }),
    issuedOn: text,
    expiresOn: text,
    description: text,
    criteria: text,
    hours: number,
    certificateNumber: text,
    evidence: z.array(z.string()),
  }),
  checks: z.array(
    z.looseObject({
      id: z.string(),
      result: word<CredentialReport['checks'][number]['result']>(),
      detail: z.string(),
      detailFr: z.string(),
      at: z.number().exactOptional(),
    }),
  ),
  facts: z.custom<CredentialReport['facts']>((value) => typeof value === 'object' && value !== null),
  confidence: z
    .custom<NonNullable<CredentialReport['confidence']>>(
      (value) => typeof value === 'object' && value !== null,
    )
    .exactOptional(),
  awards: z.array(z.looseObject({ id: z.string(), name: text, issuer: text })).exactOptional(),
  identity: z.looseObject({ issuerId: z.string(), credentialId: z.string() }).nullable(),
  isOffline: z.boolean().exactOptional(),
  checkedAt: z.number(),
});

export const placementColumn: z.ZodType<PlacementReport> = z.looseObject({
  sector: z.string(),
  rulesVersion: z.string(),
  placement: word<PlacementReport['placement']>(),
  certification: text,
  also: z.array(z.string()),
  match: word<PlacementReport['match']>(),
  needsConfirmation: z.boolean(),
  confidence: z.number(),
  reasons: z.array(z.looseObject({ key: z.string(), en: z.string(), fr: z.string() })),
  checks: z.array(
    z.looseObject({
      id: z.string(),
      result: word<PlacementReport['checks'][number]['result']>(),
      en: z.string(),
      fr: z.string(),
    }),
  ),
  quality: z.array(
    z.looseObject({
      id: z.string(),
      answer: word<PlacementReport['quality'][number]['answer']>(),
      from: word<PlacementReport['quality'][number]['from']>(),
      en: z.string(),
      fr: z.string(),
    }),
  ),
});

export const decisionColumn: z.ZodType<Decision> = z.looseObject({
  outcome: word<Decision['outcome']>(),
  placement: word<NonNullable<Decision['placement']>>().nullable(),
  lines: z.array(z.string()),
  marks: z.record(z.string(), z.number()),
  quality: z.record(z.string(), word<'yes' | 'no'>()).optional(),
  comment: z.string(),
  decidedBy: z.string(),
  decidedAt: z.number(),
  rulesVersion: z.string(),
});

export const readingColumn: z.ZodType<PendingReading> = z.looseObject({
  id: z.string(),
  since: z.number(),
  pace: word<PendingReading['pace']>(),
  before: z
    .looseObject({
      state: word<'draft' | 'returned'>(),
      decision: decisionColumn.nullable(),
      submittedAt: number,
    })
    .nullable(),
  anyway: z.boolean(),
});

export const desiredColumn: z.ZodType<DesiredScore> = z.looseObject({
  scoreGiven: number,
  scoreMaximum: z.number(),
  activityProgress: word<DesiredScore['activityProgress']>(),
  gradingProgress: word<DesiredScore['gradingProgress']>(),
  comment: z.string(),
  submittedAt: number,
  scoringUserId: text,
});

export const deliveryErrorColumn: z.ZodType<DeliveryError> = z.looseObject({
  key: z.string(),
  status: number,
  excerpt: z.string(),
});

export const viewerColumn: z.ZodType<Viewer> = z.looseObject({
  platformId: z.string(),
  deploymentId: z.string(),
  contextId: z.string(),
  activityId: z.string(),
  userId: z.string(),
  role: word<Viewer['role']>(),
  name: text,
  email: text,
  locale: word<Viewer['locale']>(),
});

export const pickingColumn: z.ZodType<Picking> = z.looseObject({
  id: z.string(),
  platformId: z.string(),
  deploymentId: z.string(),
  courseName: z.string(),
  settings: z.looseObject({
    returnUrl: z.string(),
    acceptTypes: z.array(z.string()),
    documentTargets: z.array(z.string()),
    acceptLineItem: z.boolean(),
    title: text,
    text,
    data: text,
  }),
});
