import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { createDiscloseCryptosuite, createVerifyCryptosuite } from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020';
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import signatures from 'jsonld-signatures';
import { bundledContext } from './context-loader.ts';
import type { ProofResult, ProofTask, Suite } from './proof-task.ts';

const CONTROLLER = 'urn:shsm-badges:controller';

/**
 * Checks one Data Integrity proof against one key (Data Integrity 1.0 §4.4), in JSON-LD safe mode. Whose key it is, is
 * settled elsewhere: the library is handed a document that lists it.
 */
export async function verifyProof(task: ProofTask): Promise<ProofResult> {
  let unknownContext = false;
  const documents: Readonly<Record<string, unknown>> = {
    [task.method]: {
      '@context': 'https://w3id.org/security/multikey/v1',
      id: task.method,
      type: 'Multikey',
      controller: CONTROLLER,
      publicKeyMultibase: task.multibase,
    },
    [CONTROLLER]: {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id: CONTROLLER,
      assertionMethod: [task.method],
    },
  };
  const documentLoader = async (url: string): Promise<LoadedDocument> => {
    const document = bundledContext(url) ?? (Object.hasOwn(documents, url) ? documents[url] : undefined);
    if (document === undefined) {
      unknownContext = true;
      throw new Error('not a bundled context');
    }
    return { contextUrl: null, documentUrl: url, document };
  };
  const credential = isBaseProof(task) ? await disclosed(task.credential, documentLoader) : task.credential;
  if (credential === null) return unknownContext ? 'unknown-context' : 'bad';
  const result = await signatures.verify(credential, {
    suite: suiteOf(task.suite),
    purpose: new signatures.purposes.AssertionProofPurpose(),
    documentLoader,
  });
  if (result.verified) return 'good';
  if (unknownContext) return 'unknown-context';
  return /safe mode/i.test(messagesOf(result.error)) ? 'unknown-words' : 'bad';
}

/** What the issuer gives to the holder, who is to derive from it what is shown (ecdsa-sd-2023 §3.5: the header of its value). */
function isBaseProof({ suite, credential }: ProofTask): boolean {
  const value = (credential['proof'] as { readonly proofValue?: unknown } | undefined)?.proofValue;
  if (suite !== 'ecdsa-sd-2023' || typeof value !== 'string') return false;
  return Buffer.from(value.slice(1), 'base64url')
    .subarray(0, 3)
    .equals(Buffer.from([0xd9, 0x5d, 0x00]));
}

/** All of it shown, which can then be checked. Null when its proof is not what it should be. */
async function disclosed(
  credential: ProofTask['credential'],
  documentLoader: (url: string) => Promise<LoadedDocument>,
): Promise<ProofTask['credential'] | null> {
  const fields = Object.keys(credential).filter((field) => !['@context', 'proof'].includes(field));
  const cryptosuite = createDiscloseCryptosuite({ selectivePointers: fields.map((field) => `/${field}`) });
  try {
    return await signatures.derive(credential, {
      suite: new DataIntegrityProof({ cryptosuite }),
      purpose: new signatures.purposes.AssertionProofPurpose(),
      documentLoader,
    });
  } catch {
    return null;
  }
}

function suiteOf(suite: Suite): ProofSuite {
  switch (suite) {
    case 'Ed25519Signature2020':
      return new Ed25519Signature2020();
    case 'eddsa-rdfc-2022':
      return new DataIntegrityProof({ cryptosuite: eddsaRdfc });
    case 'ecdsa-rdfc-2019':
      return new DataIntegrityProof({ cryptosuite: ecdsaRdfc });
    case 'ecdsa-sd-2023':
      return new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() });
  }
}

function messagesOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const inner = (error as { errors?: unknown }).errors;
  return [
    error.message,
    ...(Array.isArray(inner) ? inner.map(messagesOf) : []),
    messagesOf(error.cause),
  ].join('\n');
}
