import type { LocalText, Say } from '../domain/local-text.ts';
import type { Reason } from '../domain/placement.ts';
import type { BoardDecision, Rules, Sector, SectorLine } from '../domain/sector.ts';
import { rulesIndex } from './rules-index.ts';

/** Collects the reasons of one proposal, in both languages, each once. */
export type Reasons = {
  readonly given: readonly Reason[];
  /** Words of `config/messages/{en,fr}/reasons.json`; `name` fills their blank. */
  readonly add: (key: string, name?: LocalText) => void;
  /** Words that the rules bring themselves. */
  readonly text: (key: string, text: LocalText) => void;
  readonly equivalence: (id: string) => void;
  /** The same, with who of the board decided it and when. */
  readonly decided: (key: string, name: LocalText, decision: BoardDecision) => void;
  readonly line: (line: SectorLine, sector: Sector) => void;
  readonly nameOf: (certificationId: string) => LocalText;
};

export function createReasons(say: Say, rules: Rules): Reasons {
  const index = rulesIndex(rules);
  const given: Reason[] = [];
  const push = (reason: Reason) => {
    if (!given.some((known) => known.key === reason.key && known.en === reason.en)) given.push(reason);
  };
  const fill = (key: string, name: LocalText, params: Readonly<Record<string, string>>) =>
    push({
      key,
      en: say('en', `reasons.${key}`, { name: name.en, ...params }),
      fr: say('fr', `reasons.${key}`, { name: name.fr, ...params }),
    });
  const add = (key: string, name: LocalText = { en: '', fr: '' }) => fill(key, name, {});
  const decided = (key: string, name: LocalText, { who, when }: BoardDecision) =>
    fill(key, name, { who, when });
  const text = (key: string, words: LocalText) => push({ key, en: words.en, fr: words.fr });
  return {
    given,
    add,
    text,
    equivalence: (id) => {
      const equivalence = index.equivalences.get(id);
      if (equivalence !== undefined) text(`equivalence.${id}`, equivalence.reason);
    },
    decided,
    line: (line, sector) => {
      if (line.decided !== undefined) decided(lineKey(line), sector.name, line.decided);
      else add(lineKey(line), sector.name);
      const source = index.sources.get(line.sourceIds[0] ?? '');
      if (source !== undefined && line.layer === 'list')
        add('line.source', { en: source.publisher, fr: source.publisher });
    },
    nameOf: (certificationId) =>
      index.certifications.get(certificationId)?.name ?? {
        en: certificationId,
        fr: certificationId,
      },
  };
}

function lineKey(line: SectorLine): string {
  if (line.layer === 'candidate') return 'line.candidate';
  if (line.role === 'unknown') return 'line.role-unknown';
  if (line.layer === 'board') return `line.board-${line.role}`;
  return line.countsAlone ? `line.${line.role}` : `line.${line.role}-doubtful`;
}
