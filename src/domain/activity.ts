import type { Instant } from './instant.ts';

/** How accepted work becomes points. `completion`: all or nothing; `lines`: by line met; `rubric`: mean of the reflections. */
export type Scoring = 'completion' | 'lines' | 'rubric';

export type ActivitySettings = {
  readonly sectorId: string;
  /** The whole record of the sector, one certification of it, or badges that stand beside it. */
  readonly kind: 'record' | 'certification' | 'supplementary';
  /** Set only for kind `certification`. */
  readonly certificationId: string | null;
  readonly pointsPossible: number;
  readonly scoring: Scoring;
  readonly reflectionPrompt: string | null;
  readonly dueAt: Instant | null;
};

/** A resource link of a course. Its LTI identity is (platform, deployment, context, resource link). */
export type Activity = {
  readonly id: string;
  readonly platformId: string;
  readonly deploymentId: string;
  readonly contextId: string;
  readonly resourceLinkId: string;
  readonly title: string;
  readonly contextTitle: string | null;
  /** null until a teacher has set the activity up. */
  readonly settings: ActivitySettings | null;
  /** Service addresses may change; they are refreshed by every launch and the last ones are kept. */
  readonly lineItemsUrl: string | null;
  readonly lineItemUrl: string | null;
  readonly scopes: readonly string[];
  readonly membershipsUrl: string | null;
};
