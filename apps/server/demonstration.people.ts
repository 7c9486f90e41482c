import type { InstitutionFacts } from '#organisation';
import type { Someone } from './rehearsal.founding.js';

type Fact = readonly [code: string, name: string, nameEn: string, city: string, supervisor: string];

/** Real institutions, as the Ministry's list of 2025 has them. Everybody and everything else here is invented. */
const list: readonly Fact[] = [
  ['4144010558', '中山大学', 'Sun Yat-sen University', '广州市', '教育部'],
  ['4144010559', '暨南大学', 'Jinan University', '广州市', '中央统战部'],
  ['4144010561', '华南理工大学', 'South China University of Technology', '广州市', '教育部'],
  ['4144010574', '华南师范大学', 'South China Normal University', '广州市', '广东省'],
  ['4144010590', '深圳大学', 'Shenzhen University', '深圳市', '广东省'],
  ['4144011845', '广东工业大学', 'Guangdong University of Technology', '广州市', '广东省'],
  ['4144010560', '汕头大学', 'Shantou University', '汕头市', '广东省'],
  ['4144011819', '东莞理工学院', 'Dongguan University of Technology', '东莞市', '广东省'],
];

export const institutions = list.map(([code, name, nameEn, city, supervisor]) => ({
  code,
  facts: {
    name,
    nameEn,
    schoolCode: code.slice(5),
    province: '44',
    supervisor,
    city,
    level: 'undergraduate',
  } satisfies InstitutionFacts,
  // The last two are in the register and have not joined.
  member: code !== '4144010560' && code !== '4144011819',
}));

const codes = institutions.map(({ code }) => code);
const at = (index: number): string => codes[index % codes.length] as string;

interface Part extends Omit<Someone, 'person' | 'email'> {
  /** How the person is called in this file. */
  readonly key: string;
}

const part = (key: string, zh: string, en: string, institution: string | undefined, ...seats: Someone['seats']): Part => ({
  key,
  name: { zh, en },
  ...(institution === undefined ? {} : { institution }),
  seats,
});

const committee: readonly Part[] = (
  [
    ['chair', '陈望舒', 'Chen Wangshu', 'chair'],
    ['deputy', '林知远', 'Lin Zhiyuan', 'deputy'],
    ['member-3', '黄若谷', 'Huang Ruogu', 'member'],
    ['member-4', '梁思齐', 'Liang Siqi', 'member'],
    ['member-5', '郑明澈', 'Zheng Mingche', 'member'],
    ['member-6', '谢安然', 'Xie Anran', 'member'],
    ['member-7', '罗景行', 'Luo Jingxing', 'member'],
    ['member-8', '潘映雪', 'Pan Yingxue', 'member'],
    ['member-9', '邓怀瑾', 'Deng Huaijin', 'member'],
  ] as const
).map(([key, zh, en, role], index) => part(key, zh, en, at(index), { organ: 'committee', role }));

const reviewers: readonly Part[] = (
  [
    ['何清越', 'He Qingyue'],
    ['吴一鸣', 'Wu Yiming'],
    ['徐静姝', 'Xu Jingshu'],
    ['孙博文', 'Sun Bowen'],
    ['马千里', 'Ma Qianli'],
    ['朱子衿', 'Zhu Zijin'],
    ['胡云舟', 'Hu Yunzhou'],
    ['郭思源', 'Guo Siyuan'],
    ['高远帆', 'Gao Yuanfan'],
    ['曾雨桐', 'Zeng Yutong'],
    ['彭嘉树', 'Peng Jiashu'],
    ['萧晓岚', 'Xiao Xiaolan'],
  ] as const
).map(([zh, en], index) => part(`reviewer-${index + 1}`, zh, en, at(index), { organ: 'expert-panel' }));

const deans: readonly Part[] = (
  [
    ['周教远', 'Zhou Jiaoyuan'],
    ['冯学谦', 'Feng Xueqian'],
    ['蔡文礼', 'Cai Wenli'],
    ['叶知秋', 'Ye Zhiqiu'],
    ['苏海平', 'Su Haiping'],
    ['温如玉', 'Wen Ruyu'],
  ] as const
).map(([zh, en], index) => part(`dean-${at(index)}`, zh, en, at(index), { organ: 'deans-office', scope: at(index) }));

/** Everyone of the demonstration; their addresses end in `.example`, where no mail arrives. */
export const parts: readonly Part[] = [
  part('secretary', '李文博', 'Li Wenbo', at(0), { organ: 'secretariat', role: 'chair' }),
  part('officer', '王若溪', 'Wang Ruoxi', at(1), { organ: 'secretariat' }),
  part('department', '张岭南', 'Zhang Lingnan', undefined, { organ: 'provincial-department', scope: '44', role: 'chair' }),
  part('president', '赵启明', 'Zhao Qiming', at(2), { organ: 'council', role: 'chair' }, { organ: 'assembly' }),
  part('auditor', '韩明鉴', 'Han Mingjian', undefined, { organ: 'auditors', role: 'chair' }),
  ...committee,
  ...reviewers,
  ...deans,
  part('critic', '钱一舟', 'Qian Yizhou', at(3)),
];

export const memberCodes = institutions.filter(({ member }) => member).map(({ code }) => code);
