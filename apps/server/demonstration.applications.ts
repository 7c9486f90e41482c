import { memberCodes } from './demonstration.people.js';
import type { CourseToSubmit } from './rehearsal.applications.js';
import type { Act, Odds } from './rehearsal.players.js';

export interface DemonstratedApplication extends Omit<CourseToSubmit, 'id' | 'leader'> {
  readonly key: string;
  /** When it was submitted, before the end of the story. */
  readonly daysAgo: number;
  readonly quality: number;
  /** Where its people stop for now, so that a visitor can go on: all of these acts but about two in five reviews and votes. */
  readonly rests?: { readonly stage: string; readonly acts: readonly Act[] };
  readonly odds?: Partial<Odds>;
  /** The course is registered, and nothing has been submitted. */
  readonly unsubmitted?: true;
}

const dean = (index: number): string => memberCodes[index % memberCodes.length] as string;

const course = (
  key: string,
  [zh, en]: readonly [string, string],
  institution: string,
  kind: CourseToSubmit['kind'],
  leaderName: string,
  story: Pick<DemonstratedApplication, 'daysAgo'> & Partial<DemonstratedApplication>,
): DemonstratedApplication => ({
  key,
  title: { zh, en },
  institution,
  kind,
  discipline: '08',
  credits: 3,
  runs: 4,
  leaderName,
  quality: 0.9,
  ...story,
});

/** What visitors find: something at every stage, and something for everyone to do. */
export const applications: readonly DemonstratedApplication[] = [
  course('lingnan', ['岭南文化十讲', 'Ten lectures on Lingnan culture'], dean(0), 'online', '沈砚秋', {
    daysAgo: 39,
    discipline: '05',
  }),
  course('bridges', ['跨海桥梁工程', 'Sea-crossing bridges'], dean(2), 'blended', '程致远', { daysAgo: 38, credits: 2 }),
  course(
    'circuits',
    ['集成电路虚拟仿真实验', 'Virtual laboratory of integrated circuits'],
    dean(5),
    'virtual-simulation',
    '范立中',
    {
      daysAgo: 37,
      quality: 0.5,
    },
  ),
  course('teaching', ['乡村支教实践', 'Teaching practice in the countryside'], dean(3), 'social-practice', '邱明月', {
    daysAgo: 20,
    discipline: '04',
    odds: { withdraws: 1 },
  }),
  course('finance', ['大湾区金融', 'Finance in the Greater Bay Area'], dean(1), 'online', '汪以宁', {
    daysAgo: 15,
    discipline: '02',
    odds: { objects: 1 },
    rests: { stage: 'publicity', acts: ['rule'] },
  }),
  course('medicine', ['中医药与海上丝路', 'Chinese medicine along the maritime Silk Road'], dean(1), 'online', '陆怀仁', {
    daysAgo: 14,
    discipline: '10',
  }),
  course('robots', ['机器人学导论', 'Introduction to robotics'], dean(2), 'blended', '石磊', {
    daysAgo: 8,
    rests: { stage: 'committee', acts: ['vote'] },
  }),
  course('algebra', ['线性代数', 'Linear algebra'], dean(4), 'offline', '严可均', {
    daysAgo: 8,
    discipline: '07',
    rests: { stage: 'committee', acts: ['vote'] },
  }),
  course('english', ['学术英语写作', 'Academic writing in English'], dean(3), 'online', '纪晓棠', {
    daysAgo: 5,
    discipline: '05',
    rests: { stage: 'expert-review', acts: ['review'] },
  }),
  course('ocean', ['海洋生态学', 'Marine ecology'], dean(0), 'offline', '顾沧海', {
    daysAgo: 5,
    discipline: '07',
    rests: { stage: 'expert-review', acts: ['review'] },
  }),
  course('design', ['工业设计思维', 'Thinking in industrial design'], dean(5), 'blended', '唐可儿', {
    daysAgo: 4,
    rests: { stage: 'formal-check', acts: ['check'] },
  }),
  course('data', ['数据结构', 'Data structures'], dean(4), 'online', '田亦舟', {
    daysAgo: 4,
    odds: { returns: 1 },
    rests: { stage: 'recommendation', acts: ['correct'] },
  }),
  course('history', ['粤港澳近代史', 'Modern history of Guangdong, Hong Kong and Macao'], dean(0), 'online', '鲁思齐', {
    daysAgo: 3,
    discipline: '06',
    rests: { stage: 'recommendation', acts: ['check'] },
  }),
  course('ai', ['人工智能伦理', 'Ethics of artificial intelligence'], dean(1), 'online', '宋知微', {
    daysAgo: 1,
    discipline: '01',
    rests: { stage: 'endorsement', acts: ['check'] },
  }),
  course('chemistry', ['绿色化学', 'Green chemistry'], dean(0), 'online', '毛清和', {
    daysAgo: 1,
    discipline: '07',
    unsubmitted: true,
  }),
];
