import { Type } from '@sinclair/typebox';
import { keyNotEnough } from '#identity';
import { DoorRefusal } from '../http/problem.js';
import { type Asking, type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { nothingHere } from './sight.js';

const Draft = Type.Object({ key: Type.String(), revision: Type.Integer(), value: Type.Unknown() });
const draftKey = /^[A-Za-z0-9._-]{1,200}$/;

/** A person's own desk: unfinished work, kept for them alone. */
export const deskReads = (doors: Doors): readonly ReadRoute[] => [
  readRoute({
    path: '/v1/drafts/{key}',
    operationId: 'readDraft',
    tag: 'desk',
    summary: { en: 'A draft of the caller', zh: '当前用户的一份草稿' },
    answer: Draft,
    etag: true,
    handle: async ({ params, signedIn, reply }) => {
      const key = keyOf(params);
      const draft = await doors.drafts.load(ownerOf(signedIn), key);
      if (draft === undefined) throw nothingHere();
      void reply.header('etag', `"${draft.revision}"`);
      return { key, revision: draft.revision, value: JSON.parse(draft.value) as unknown };
    },
  }),
  readRoute({
    path: '/v1/drafts/{key}',
    method: 'put',
    operationId: 'saveDraft',
    tag: 'desk',
    summary: {
      en: 'Saves a draft; refused with both texts if it was saved elsewhere meanwhile',
      zh: '保存草稿；若已在别处保存则拒绝并返回两份文本',
    },
    body: {
      mediaType: 'application/json',
      schema: Type.Object({ revision: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), value: Type.Unknown() }),
    },
    answer: Type.Object({ key: Type.String(), revision: Type.Integer() }),
    etag: true,
    handle: async ({ params, signedIn, request, reply }) => {
      const key = keyOf(params);
      const { revision, value } = draftBody(request.body);
      const saved = await doors.drafts.save(ownerOf(signedIn), key, revision, JSON.stringify(value));
      void reply.header('etag', `"${saved}"`);
      return { key, revision: saved };
    },
  }),
  readRoute({
    path: '/v1/drafts/{key}',
    method: 'delete',
    operationId: 'discardDraft',
    tag: 'desk',
    summary: { en: 'Throws a draft away', zh: '丢弃草稿' },
    answer: Type.Object({}),
    handle: async ({ params, signedIn }) => {
      await doors.drafts.discard(ownerOf(signedIn), keyOf(params));
      return {};
    },
  }),
];

/** What bounds a machine key, powers and one alliance, bounds no draft: a program has no desk. @throws DomainError identity.key-not-enough */
function ownerOf(signedIn: Asking<unknown>['signedIn']): string {
  if (signedIn?.session === undefined) throw keyNotEnough();
  return signedIn.person;
}

function keyOf(params: Readonly<Record<string, string>>): string {
  const key = params['key'] ?? '';
  if (!draftKey.test(key)) throw nothingHere();
  return key;
}

function draftBody(body: unknown): { readonly revision: number; readonly value: unknown } {
  const { revision, value } = (body ?? {}) as { revision?: unknown; value?: unknown };
  if (Number.isSafeInteger(revision) && Number(revision) >= 0 && value !== undefined)
    return { revision: Number(revision), value };
  throw new DoorRefusal(422, 'shape.invalid', {
    en: 'Send {"revision": the one you loaded, 0 for a new draft, "value": the draft}.',
    zh: '请发送 {"revision": 您读取时的版本号（新草稿为 0）, "value": 草稿内容}。',
  });
}
