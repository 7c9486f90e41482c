import type { FileHandle } from 'node:fs/promises';

const office = 'application/vnd.openxmlformats-officedocument';
const mainParts: Readonly<Record<string, string>> = {
  'word/document.xml': `${office}.wordprocessingml.document`,
  'xl/workbook.xml': `${office}.spreadsheetml.sheet`,
  'ppt/presentation.xml': `${office}.presentationml.presentation`,
};

const directoryBytesAtMost = 1024 * 1024;
const endRecordBytes = 22;
const commentBytesAtMost = 65_535;

/**
 * The media type of a file by what it begins with, and for office files by what is in them: name and sender are not asked.
 *
 * PDF, PNG, JPEG, MP4, Word, Excel and PowerPoint without macros, and ZIP without programs; nothing for all else.
 */
export async function mediaTypeOf(file: FileHandle, bytes: number): Promise<string | undefined> {
  const head = await read(file, 0, Math.min(bytes, 16));
  const text = head.toString('latin1');
  if (text.startsWith('%PDF-')) return 'application/pdf';
  if (text.startsWith('\u0089PNG\r\n\u001a\n')) return 'image/png';
  if (text.startsWith('\u00ff\u00d8\u00ff')) return 'image/jpeg';
  if (/^....ftyp(isom|iso[2-9]|mp4[12]|avc1|M4V |MSNV|dash)/s.test(text)) return 'video/mp4';
  return text.startsWith('PK\u0003\u0004') ? typeOfArchive(await entriesOf(file, bytes)) : undefined;
}

/** An archive that says it is an office file is nothing else: with macros it is not taken as a bare archive either. */
function typeOfArchive(entries: readonly string[]): string | undefined {
  if (!entries.includes('[Content_Types].xml'))
    return entries.length > 0 && entries.every(isHarmless) ? 'application/zip' : undefined;
  if (entries.some((name) => /vbaProject\.bin$/i.test(name))) return undefined;
  const main = entries.find((name) => Object.hasOwn(mainParts, name));
  return main === undefined ? undefined : mainParts[main];
}

const programs = /\.(?:exe|dll|com|scr|pif|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|lnk|jar|class|app|apk|sh)$/i;

/** What stays in the folder that it is unpacked to, and does not run. */
const isHarmless = (name: string): boolean => !programs.test(name) && !/^[/\\]|^[a-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)/i.test(name);

/** The names in a ZIP file's central directory (APPNOTE 4.3.12); none where it is damaged, or larger than any document's. */
async function entriesOf(file: FileHandle, bytes: number): Promise<readonly string[]> {
  const tail = await read(file, Math.max(0, bytes - endRecordBytes - commentBytesAtMost), bytes);
  const end = tail.lastIndexOf('PK\u0005\u0006', tail.length - endRecordBytes, 'latin1');
  if (end < 0 || end + endRecordBytes > tail.length) return [];
  const size = tail.readUInt32LE(end + 12);
  if (size > directoryBytesAtMost) return [];
  const directory = await read(file, tail.readUInt32LE(end + 16), size);
  const names: string[] = [];
  let at = 0;
  while (at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02_01_4b_50) {
    const nameBytes = directory.readUInt16LE(at + 28);
    names.push(directory.toString('utf8', at + 46, at + 46 + nameBytes));
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return names;
}

async function read(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.min(length, endRecordBytes + commentBytesAtMost + directoryBytesAtMost));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
}
