export type Certificate = {
  readonly heading: string;
  /** The words before the name, such as "This is to certify that". */
  readonly certifies: string;
  readonly awardedTo: string;
  /** The words between the name and the title. */
  readonly completed: string;
  readonly title: string;
  readonly details: readonly string[];
};

const ROMAN = 'F1';
const BOLD = 'F2';

/** A one-page certificate, letter size on its side, made by hand: text only, nothing signed (PDF 1.4 §3.4). */
export function pdfCertificate({ details, ...words }: Certificate): Buffer {
  const lines: string[] = [
    '0.13 0.32 0.45 RG 3 w 36 36 720 540 re S 1 w 44 44 704 524 re S',
    '0.13 0.32 0.45 rg',
    text(BOLD, 30, 480, words.heading),
    '0.1 0.1 0.1 rg',
    text(ROMAN, 14, 420, words.certifies),
    text(BOLD, 24, 384, words.awardedTo),
    text(ROMAN, 14, 340, words.completed),
    text(BOLD, 24, 304, words.title),
    ...details.map((detail, i) => text(ROMAN, 14, 230 - i * 24, detail)),
  ];
  const content = lines.join('\n');
  return assemble([
    '<< /Type /Catalog /Pages 2 0 R /Lang (en-CA) >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 792 612] /Contents 4 0 R /Resources << /Font << /${ROMAN} 5 0 R /${BOLD} 6 0 R >> >> >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
    `<< /Title ${literal(`${words.heading}: ${words.title}`)} >>`,
  ]);
}

function text(font: string, size: number, y: number, words: string): string {
  return `BT /${font} ${size} Tf 90 ${y} Td ${literal(words)} Tj ET`;
}

/** A string in WinAnsi; the few characters beyond Latin-1 that we use become plain ones. */
function literal(words: string): string {
  const plain = words
    .replaceAll('’', "'")
    .replaceAll('–', '-')
    .replace(/[\\()]/g, '\\$&');
  return `(${plain})`;
}

/** Numbers the objects, and lists where each begins. One byte a character, so that lengths are byte counts. */
function assemble(objects: readonly string[]): Buffer {
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = file.length;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info ${objects.length} 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}
