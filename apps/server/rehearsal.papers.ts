import { sha256 } from '#kernel';

/** A small PDF of one page with one line of ASCII text. */
export function pdfSaying(line: string): Uint8Array {
  const text = `BT /F1 12 Tf 72 720 Td (${line.replaceAll(/[\\()]/g, '')}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const places = objects.map((object, index) => {
    const place = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  const index = `xref\n0 ${size}\n0000000000 65535 f \n${places.join('')}`;
  return Buffer.from(`${body}${index}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`, 'latin1');
}

/** What a form says of a file that was handed in. */
export const described = (pdf: Uint8Array) => ({
  sha256: sha256(pdf, 'hex'),
  bytes: pdf.byteLength,
  mediaType: 'application/pdf',
});

/** What a dean's office brings forward in an appeal. */
export const overlooked = (subject: string): Uint8Array => pdfSaying(`What was overlooked of course ${subject}`);

/** The plea that rests on it. */
export const plea = (subject: string) => ({
  statement: '原评审未审阅随附材料。The evidence was not looked at.',
  evidence: [described(overlooked(subject))],
});

/** What a critic brings against a course. */
export const evidence = (subject: string): Uint8Array => pdfSaying(`Evidence against course ${subject}`);

/** The objection that rests on it. */
export const objection = (subject: string) => ({
  name: '何异议 / He Yiyi',
  contact: '13800000000',
  statement: `公示课程 ${subject.slice(0, 8)} 的教学团队与实际不符。The teaching team differs from the real one.`,
  evidence: [described(evidence(subject))],
});
