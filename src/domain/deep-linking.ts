import type { ActivitySettings } from './activity.ts';

/** What a deep-linking request asks for and takes back (DL 2.0 §4.4.1), as its signed claim said it. */
export type DeepLinkingSettings = {
  readonly returnUrl: string;
  readonly acceptTypes: readonly string[];
  /** `iframe`, `window`, `embed`; empty where the platform did not say. */
  readonly documentTargets: readonly string[];
  /** False only where the platform said that it takes no columns. */
  readonly acceptLineItem: boolean;
  /** Proposed by the platform, for instance the name under which the teacher began. */
  readonly title: string | null;
  readonly text: string | null;
  /** Goes back as it came; null where none was sent. */
  readonly data: string | null;
};

/** A deep-linking request that a teacher is answering. `id` stands for the activity that it may become. */
export type Picking = {
  readonly id: string;
  readonly platformId: string;
  readonly deploymentId: string;
  /** Title and short name of the course, as far as the platform gave them; may be empty. */
  readonly courseName: string;
  readonly settings: DeepLinkingSettings;
};

/** The activity that a teacher chose. */
export type PickedLink = {
  readonly title: string;
  readonly text: string | null;
  readonly settings: ActivitySettings;
  /** Custom parameters of the link: texts, read again at its first launch. */
  readonly custom: Readonly<Record<string, string>>;
};

/** The form that takes the answer back to the platform: `JWT` is posted to `action` by the person's browser. */
export type HandOver = { readonly action: string; readonly jwt: string };
