import { DomainError, type Files, type StoredFile, type Text } from '#kernel';
import { DoorRefusal, type Fault } from './problem.js';

/** A file that a command names, and where in it. */
type NamedFile = readonly [path: string, file: StoredFile];

/**
 * Files that a command names have arrived before it, and are what it says: what is on record is named by its hash for ever, and whoever
 * decides on it must be able to read it.
 *
 * @throws DoorRefusal files.not-here, with each of them
 */
export async function mustBeHere(named: readonly NamedFile[], files: Files): Promise<void> {
  const faults: Fault[] = [];
  for (const [path, file] of named) {
    const text = faultOf(file, await found(file.sha256, files));
    if (text !== undefined) faults.push({ path, text });
  }
  if (faults.length > 0) throw notHere(faults);
}

/** The files that a command names, wherever they stand in it. */
export function filesNamedIn(value: object, path = ''): readonly NamedFile[] {
  if (isNamed(value)) return [[path, value]];
  const named: NamedFile[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'object' && member !== null) named.push(...filesNamedIn(member as object, `${path}/${name}`));
  }
  return named;
}

const isNamed = (value: object): value is StoredFile => 'sha256' in value && 'bytes' in value && 'mediaType' in value;

async function found(sha256: string, files: Files): Promise<StoredFile | undefined> {
  try {
    const { content, ...stored } = await files.open(sha256);
    content.destroy();
    return stored;
  } catch (failure) {
    if (failure instanceof DomainError) return undefined;
    throw failure;
  }
}

function faultOf(named: StoredFile, stored: StoredFile | undefined): Text | undefined {
  if (stored === undefined) return notUploaded;
  if (stored.bytes === named.bytes && stored.mediaType === named.mediaType) return undefined;
  return {
    en: `is ${stored.mediaType} of ${stored.bytes} bytes: say so`,
    zh: `实际为 ${stored.mediaType}，${stored.bytes} 字节，请如实填写`,
  };
}

const notUploaded: Text = {
  en: 'has not arrived: upload the file to /v1/files/{sha256} first',
  zh: '尚未上传，请先上传至 /v1/files/{sha256}',
};

const notHere = (faults: readonly Fault[]): DoorRefusal =>
  new DoorRefusal(
    422,
    'files.not-here',
    {
      en: `Hand in the files first, and name them as they are: ${faults.map(({ path, text }) => `${path} ${text.en}`).join('; ')}`,
      zh: `请先上传文件并如实填写：${faults.map(({ path, text }) => `${path} ${text.zh}`).join('；')}`,
    },
    { faults },
  );
