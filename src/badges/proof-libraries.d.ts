/** The libraries of the proof formats ship no types; this is what is used of them. */
type ProofDocument = { readonly [property: string]: unknown };
type LoadedDocument = {
  readonly contextUrl: null;
  readonly documentUrl: string;
  readonly document: unknown;
};
type ProofSuite = { readonly [property: string]: unknown };

declare module 'jsonld-signatures' {
  const signatures: {
    verify(
      document: ProofDocument,
      options: {
        readonly suite: ProofSuite;
        readonly purpose: unknown;
        readonly documentLoader: (url: string) => Promise<LoadedDocument>;
      },
    ): Promise<{ readonly verified: boolean; readonly error?: unknown }>;
    derive<T extends ProofDocument>(
      document: T,
      options: {
        readonly suite: ProofSuite;
        readonly purpose: unknown;
        readonly documentLoader: (url: string) => Promise<LoadedDocument>;
      },
    ): Promise<T>;
    readonly purposes: { readonly AssertionProofPurpose: new () => unknown };
  };
  export = signatures;
}
declare module '@digitalbazaar/data-integrity' {
  export const DataIntegrityProof: new (options: { readonly cryptosuite: unknown }) => ProofSuite;
}
declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: unknown;
}
declare module '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite' {
  export const cryptosuite: unknown;
}
declare module '@digitalbazaar/ecdsa-sd-2023-cryptosuite' {
  export function createVerifyCryptosuite(): unknown;
  export function createDiscloseCryptosuite(options: {
    readonly selectivePointers: readonly string[];
  }): unknown;
}
declare module '@digitalbazaar/ed25519-signature-2020' {
  export const Ed25519Signature2020: new () => ProofSuite;
}
