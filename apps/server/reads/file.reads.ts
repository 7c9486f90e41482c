import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import { keyNotEnough } from '#identity';
import { fileBytesAtMost, fileTooLarge } from '#kernel';
import { DoorRefusal } from '../http/problem.js';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { Uploads } from './file.uploads.js';

/** The media type under which files are sent: what they are is found out from their content. */
export const fileMediaType = 'application/octet-stream';

/** Files on their way in. On their way out they belong to a case, and go through its door. */
export const fileReads = (doors: Doors): readonly ReadRoute[] => [putFileRoute(doors, new Uploads(doors.clock))];

const putFileRoute = (doors: Doors, uploads: Uploads): ReadRoute =>
  readRoute({
    path: '/v1/files/{sha256}',
    method: 'put',
    operationId: 'putFile',
    tag: 'file',
    summary: {
      en: 'Keeps a file under its SHA-256; the same file again changes nothing',
      zh: '按 SHA-256 保存文件；重复上传无影响',
    },
    body: { mediaType: fileMediaType, schema: Type.String({ contentMediaType: fileMediaType }) },
    answer: Type.Object({ sha256: Type.String(), bytes: Type.Integer(), mediaType: Type.String() }),
    handle: async ({ params, request, signedIn }) => {
      const { body } = request;
      if (!(body instanceof Readable) || signedIn === undefined) throw notAFile();
      // A key that only reads sends no command that could name the file.
      if (signedIn.key?.powers.length === 0) throw keyNotEnough();
      if (Number(request.headers['content-length']) > fileBytesAtMost) throw fileTooLarge();
      try {
        return await uploads.take(signedIn.person, () => doors.files.put(body, { expectedSha256: params['sha256'] as string }));
      } finally {
        // Whoever still sends what was refused hears the answer only once it has gone somewhere.
        body.resume();
      }
    },
  });

const notAFile = (): DoorRefusal =>
  new DoorRefusal(415, 'request.media-type', {
    en: `Send the file itself, as ${fileMediaType}.`,
    zh: `请以 ${fileMediaType} 直接发送文件内容。`,
  });
