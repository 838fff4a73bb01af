import { loadRules } from '../catalogue/load-rules.ts';
import type { Config } from '../config.ts';
import type { Sector, SectorLine } from '../domain/sector.ts';
import type { Answer } from './command.ts';

/** One sector as a table: its numbers, its lines with how far they are supported, and where they come from. */
export async function rulesShow(config: Config, sectorId: string): Promise<Answer> {
  const loaded = loadRules(config.configDir);
  if (!loaded.ok)
    return { code: 2, data: loaded, text: 'the rules have mistakes; see shsm-badges rules check' };
  const { rules } = loaded;
  const sector = rules.sectors.find((candidate) => candidate.id === sectorId);
  if (sector === undefined) {
    const problem = `no sector has the id ${sectorId}; there are ${rules.sectors.map(({ id }) => id).join(', ')}`;
    return { code: 2, data: { problems: [problem] }, text: problem };
  }
  const lines = sector.lines.map((line) => {
    const certification = rules.certifications.find(({ id }) => id === line.certificationId);
    const { en, fr } = certification?.name ?? { en: '', fr: '' };
    return { ...line, name: { en, fr }, nameType: certification?.nameType ?? null };
  });
  return {
    code: 0,
    data: { rulesVersion: rules.version, ...sector, lines },
    text: [
      `${sector.name.en} / ${sector.name.fr}  (${sector.id}, ${sector.status}, rules ${rules.version})`,
      numbers(sector),
      `check against ${sector.officialUrl}`,
      '',
      ...lines.map((line) =>
        [
          roleOf(line).padEnd(22),
          (line.countsAlone ? 'counts' : 'ask').padEnd(7),
          (line.nameType ?? '').padEnd(9),
          line.certificationId.padEnd(34),
          line.name.en,
        ].join(' '),
      ),
      ...(sector.note === null ? [] : ['', sector.note]),
    ].join('\n'),
  };
}

function numbers({ total, compulsoryCount, electivesToChoose }: Sector): string {
  const known = (count: number | null) => (count === null ? 'not known' : String(count));
  return `total ${known(total)}, compulsory ${known(compulsoryCount)}, electives to choose ${known(electivesToChoose)}`;
}

function roleOf({ role, layer }: SectorLine): string {
  const name = role === 'unknown' ? 'role not known' : role;
  return layer === 'list' ? name : `${name} (${layer})`;
}
