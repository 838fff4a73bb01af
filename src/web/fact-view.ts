import type { CredentialFacts, CredentialReport } from '../domain/credential.ts';
import type { Locale } from '../domain/local-text.ts';
import { dayText } from './dates.ts';

const FACT_IDS = [
  'name',
  'issuer',
  'recipient',
  'issuedOn',
  'expiresOn',
  'hours',
  'certificateNumber',
  'description',
  'criteria',
] as const;

/** What was read, field by field: where it came from, and how sure the reader is of it. */
export function factsView(locale: Locale, report: CredentialReport) {
  return FACT_IDS.flatMap((id) => {
    const value = factText(locale, report.credential, id);
    if (value === null) return [];
    const confidence = report.confidence?.[id];
    return [
      {
        ...{ id, value },
        source: report.facts[id] ?? null,
        confidence: confidence === undefined ? null : howSure(confidence),
      },
    ];
  });
}

/** In words, because a percentage looks more exact than it is. */
function howSure(confidence: number): 'high' | 'medium' | 'low' {
  if (confidence >= 0.9) return 'high';
  return confidence >= 0.7 ? 'medium' : 'low';
}

function factText(locale: Locale, credential: CredentialFacts, id: (typeof FACT_IDS)[number]): string | null {
  if (id === 'issuer') return credential.issuer.name ?? credential.issuer.url;
  if (id === 'recipient') return credential.recipient.name;
  if (id === 'issuedOn' || id === 'expiresOn') {
    const day = credential[id];
    return day === null ? null : dayText(locale, day);
  }
  if (id === 'hours')
    return credential.hours === null ? null : credential.hours.toLocaleString(`${locale}-CA`);
  return credential[id];
}
