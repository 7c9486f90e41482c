import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { alliance, House } from '../support/house.js';
import { OpenApi, type OpenApiDocument } from '../support/openapi.js';

let house: House;
let document: OpenApiDocument;
beforeAll(async () => {
  house = await House.open();
  document = (await house.nobody().get('/openapi.json')).body as unknown as OpenApiDocument;
});
afterAll(() => house.close());

test('every address of the server is in the document, and every one in the document is of the server', () => {
  const served = house.server.routes
    .filter(({ method, url }) => method !== 'HEAD' && /^\/(v1|health|openapi\.json)/.test(url))
    .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(new Set(described)).toEqual(new Set(served));
  expect(described.length).toBeGreaterThan(60);
});

test('the document that is served is the one that is committed', async () => {
  expect(document).toEqual(JSON.parse(await readFile('docs/generated/openapi.json', 'utf8')));
});

test('operations have names of their own', () => {
  const names = Object.values(document.paths).flatMap((operations) =>
    Object.values(operations).map(({ operationId }) => operationId),
  );
  expect(new Set(names).size).toBe(names.length);
});

test('shapes of two contexts with one name are two schemas', () => {
  const { CharterBothLanguages, RoundBothLanguages } = document.components.schemas;
  expect(CharterBothLanguages).toMatchObject({ properties: { zh: { maxLength: 200 } } });
  expect(RoundBothLanguages).toMatchObject({ properties: { zh: { maxLength: 400 } } });
});

test('what a shape asks of its fields stands in its schema', () => {
  const { SubmitApplication, FileReference, RegisterCourse } = document.components.schemas;
  expect(SubmitApplication).toMatchObject({
    required: expect.arrayContaining(['form', 'files', 'institution']),
    additionalProperties: false,
    properties: {
      institution: { type: 'string', pattern: '^[A-Za-z0-9]{1,32}$' },
      form: { type: 'object', minProperties: 1 },
      files: { type: 'array', maxItems: 50, items: { $ref: '#/components/schemas/FileReference' } },
    },
  });
  expect(FileReference).toMatchObject({ properties: { bytes: { type: 'integer', minimum: 1, maximum: 2 ** 40 } } });
  expect(RegisterCourse).toMatchObject({
    properties: { leaderName: { type: 'string', maxLength: 100, description: expect.stringContaining('Personal') } },
  });
});

test('every schema of the document can be compiled, and every answer of a view is as the document says', async () => {
  const api = new OpenApi(document);
  const secretary = house.seat('secretariat', { role: 'chair' });
  const { body } = await secretary.get(`/v1/alliances/${alliance}/cases?limit=200`);
  const cases = (body['items'] as { id: string }[]).map(({ id }) => id);
  expect(cases.length).toBeGreaterThan(10);
  const dean = house.seat('deans-office', { scope: '4144010558' });
  const reads: readonly (readonly [string, Record<string, readonly string[]>, typeof dean, string?])[] = [
    ['/v1/cases/{case}', { case: cases }, secretary],
    ['/v1/cases/{case}/timeline', { case: cases }, secretary],
    ['/v1/alliances/{alliance}/courses', {}, dean, '?institution=4144010558'],
    ['/v1/rounds/{round}', { round: [`${alliance}.demonstration`] }, secretary],
    ['/v1/rounds/{round}/drawing', { round: [`${alliance}.demonstration`] }, secretary, '?lang=zh'],
  ];
  const plain = Object.keys(document.paths).filter((path) =>
    /^\/v1\/(alliances(\/\{alliance\}\/(?!live|courses)\w+)?|demonstration|session|sessions|keys|sign-in)$/.test(path),
  );
  for (const [path, values, who, query = ''] of [...reads, ...plain.map((path) => [path, {}, secretary] as const)]) {
    for (const value of Object.values(values)[0] ?? ['']) {
      const asked = path.replace('{alliance}', alliance).replace(/\{\w+\}/, value) + query;
      const answer = await who.get(asked);
      expect([asked, answer.status, api.faultsOf('get', path, answer)]).toEqual([asked, 200, []]);
    }
  }
  expect(api.compileAll()).toBeGreaterThan(60);
  const { body: page } = await secretary.get(`/v1/cases/${cases[0]}`);
  const [file] = (page['case'] as { files: { sha256: string; mediaType: string }[] }).files;
  const answer = await secretary.get(`/v1/cases/${cases[0]}/files/${file?.sha256}`);
  expect([answer.headers.get('content-type'), api.faultsOf('get', '/v1/cases/{case}/files/{sha256}', answer)]).toEqual([
    file?.mediaType,
    [],
  ]);
});
