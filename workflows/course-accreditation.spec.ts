import { expect, test } from '@jest/globals';
import { drawingOf, languageOf, loadDefinition, stageFor } from '#workflow';

const { definition, hash } = await loadDefinition('workflows/course-accreditation.yaml');

test('the accreditation of first-class courses can be adopted as it stands, two channels, two reviews, five years', () => {
  expect(definition.stages.map(({ id, kind }) => `${id}: ${kind}`)).toEqual([
    'endorsement: check',
    'channel: choice',
    'recommendation: check',
    'formal-check: check',
    'online-review: panel',
    'quota: ranking',
    'meeting-review: ballot',
    'publicity: publicity',
    'undertaking: confirmation',
    'announcement: notice',
    'duty: duty',
    'withdrawal: ballot',
  ]);
  expect(hash).toMatch(/^[\w-]{43}$/);
  expect(drawingOf(definition)).toHaveLength(definition.stages.length);
});

const kinds = ['online', 'offline', 'blended', 'virtual-simulation', 'social-practice'];

test.each(kinds)('%s courses are scored by a rubric of their own, of a hundred, with the negative list', (kind) => {
  const applicant = { institution: '4144010558', province: '44', name: '某大学', level: 'undergraduate' };
  const stage = stageFor(definition, 'online-review', { form: { kind }, about: {}, applicant });
  if (stage.kind !== 'panel') throw new Error('no panel');
  expect(stage.rubric.id).toBe(`${kind}-course`);
  expect(stage.rubric.criteria.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
  expect(stage.rubric.vetoes.map(({ id }) => id)).toEqual([
    'political',
    'ethics',
    'intellectual-property',
    'not-two-cycles',
    'wrong-team',
    'false-data',
    'wrong-kind',
  ]);
});

/** Every supervisor at the level of a ministry in the Ministry of Education's list of institutions of 2025, as it writes them. */
const ministries = [
  ...[
    '教育部',
    '工业和信息化部',
    '国家民委',
    '公安部',
    '司法部',
    '外交部',
    '民政部',
    '交通运输部',
    '交通运输部（中国民用航空局）',
  ],
  ...['国家卫生健康委员会', '应急管理部', '海关总署', '国家体育总局', '中国地震局', '中国科学院', '上海市 中国科学院'],
  ...['中国社会科学院', '中央统战部', '中央办公厅', '中华全国总工会', '共青团中央', '中华妇女联合会', '空军装备部'],
];
const provincial = [
  '上海市',
  '广东省',
  '广东省教育厅',
  '上海市教委',
  '新疆生产建设兵团',
  '广西壮族自治区',
  '新疆生产建设兵团教育局',
];
const isDirect = (supervisor: string): boolean => {
  const channel = definition.stages.find(({ kind }) => kind === 'choice');
  return channel?.kind === 'choice' && languageOf(definition).holds(channel.condition, { 'institution.supervisor': supervisor });
};

test('every university under a ministry recommends by itself, and none under a province', () => {
  expect(ministries.filter((supervisor) => !isDirect(supervisor))).toEqual([]);
  expect(provincial.filter(isDirect)).toEqual([]);
  const channel = definition.stages.find(({ kind }) => kind === 'choice');
  const named = channel?.kind === 'choice' ? [...channel.condition.matchAll(/"([^"]+)"/g)].map(([, name]) => name) : [];
  expect(new Set(named)).toEqual(new Set(ministries));
});
