import type { HandOver, PickedLink, Picking } from '../deep-linking.ts';

/**
 * Signs the answer to a deep-linking request: the link that was picked, or null for none, with `message` for the person.
 * null when the platform has been switched off meanwhile.
 */
export type AnswerPicking = (
  picking: Picking,
  picked: PickedLink | null,
  message: string | null,
) => Promise<HandOver | null>;
