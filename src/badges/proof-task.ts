import type { JsonObject } from './json.ts';

export const SUITES = [
  'Ed25519Signature2020',
  'eddsa-rdfc-2022',
  'ecdsa-rdfc-2019',
  'ecdsa-sd-2023',
] as const;
export type Suite = (typeof SUITES)[number];

export type ProofTask = {
  /** The credential with exactly one proof. */
  readonly credential: JsonObject;
  readonly suite: Suite;
  /** The verification method the proof names and the key it stands for. */
  readonly method: string;
  readonly multibase: string;
};

/** `unknown-words`: something in it has no meaning in its contexts, so that it is not covered by the signature. */
export type ProofResult = 'good' | 'bad' | 'unknown-words' | 'unknown-context';
