import type { YAMLParseError } from 'yaml';
import { type Finding, finding } from './finding.js';

type Slip = YAMLParseError['code'];

/** What is not YAML, and what to do about it, by what the parser stumbled over. */
const slips: Readonly<Record<Slip, readonly [text: readonly [string, string], remedy: readonly [string, string]]>> = {
  ALIAS_PROPS: [
    ['An alias (*name) carries a tag or an anchor of its own', '别名（*name）自带标签或锚点'],
    ['Leave the alias alone.', '请只保留别名。'],
  ],
  BAD_ALIAS: [
    ['An alias (*name) or an anchor (&name) is not written as one', '别名（*name）或锚点（&name）写法有误'],
    ['Correct its name; a text that begins with * or & needs quotation marks.', '请更正名称；以 * 或 & 开头的文字须加引号。'],
  ],
  BAD_COLLECTION_TYPE: [
    ['A tag says something else than what follows it', '标签与其后的内容不符'],
    ['Strike the tag (!name) out.', '请删除标签（!名称）。'],
  ],
  BAD_DIRECTIVE: [
    ['A line that begins with % is no directive', '以 % 开头的行不是有效指令'],
    ['Strike the line out.', '请删除该行。'],
  ],
  BAD_DQ_ESCAPE: [
    ['A text in double quotation marks holds a backslash that escapes nothing', '双引号文字中的反斜杠转义无效'],
    ['Write the backslash twice, or use single quotation marks.', '请写两个反斜杠，或改用单引号。'],
  ],
  BAD_INDENT: [
    ['A line does not stand as far in as those that it belongs with', '缩进与同级内容不一致'],
    ['Indent what belongs together by the same number of spaces.', '请使同级内容的缩进空格数相同。'],
  ],
  BAD_PROP_ORDER: [
    ['A tag or an anchor stands before the sign that it must follow', '标签或锚点的位置有误'],
    ['Write it behind "-", "?" or ":".', '请写在“-”“?”或“:”之后。'],
  ],
  BAD_SCALAR_START: [
    ['A text begins with a sign that YAML keeps for itself', '文字以 YAML 保留的符号开头'],
    ['Put the text in quotation marks.', '请为该文字加引号。'],
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    ['A second "key: value" stands in the line of the first', '同一行中写了第二个“键: 值”'],
    ['Begin a new line, or put a text that holds ": " in quotation marks.', '请另起一行；文字中含“: ”时须加引号。'],
  ],
  BLOCK_IN_FLOW: [
    ['Indented lines stand inside { } or [ ]', '{ } 或 [ ] 之中出现了缩进式内容'],
    ['Write the whole in one of the two ways.', '请统一采用其中一种写法。'],
  ],
  DUPLICATE_KEY: [
    ['The same key stands here twice', '同一个键出现了两次'],
    ['Strike one of them out.', '请删除其中一个。'],
  ],
  IMPOSSIBLE: [
    ['The text cannot be read here', '此处无法读取'],
    ['Write it in a simpler way.', '请改用更简单的写法。'],
  ],
  KEY_OVER_1024_CHARS: [
    ['A key is longer than 1024 characters', '键超过 1024 个字符'],
    ['Shorten it; most likely a ":" stands where it should not.', '请缩短；多半是误写了“:”。'],
  ],
  MISSING_CHAR: [
    ['A sign is missing: a comma, a bracket, a quotation mark or a space', '缺少符号：逗号、括号、引号或空格'],
    ['Add what is missing; a bracket or quotation mark that is opened must be closed.', '请补上；括号和引号须成对。'],
  ],
  MULTILINE_IMPLICIT_KEY: [
    ['A key runs over several lines', '键跨越多行'],
    ['Write it in one line; most likely a ":" is missing or one too many.', '请写在一行内；多半是缺少或多写了“:”。'],
  ],
  MULTIPLE_ANCHORS: [
    ['One thing has two anchors (&name)', '同一处有两个锚点（&名称）'],
    ['Strike one of them out.', '请删除其中一个。'],
  ],
  MULTIPLE_DOCS: [
    ['The file holds several documents', '文件中含有多个文档'],
    ['Put each in a file of its own, without "---" between.', '请将各文档分别存放，不要以“---”分隔。'],
  ],
  MULTIPLE_TAGS: [
    ['One thing has two tags (!name)', '同一处有两个标签（!名称）'],
    ['Strike one of them out.', '请删除其中一个。'],
  ],
  NON_STRING_KEY: [
    ['A key is not text', '键不是文字'],
    ['Put it in quotation marks.', '请为其加引号。'],
  ],
  RESOURCE_EXHAUSTION: [
    ['The file is nested too deep', '文件嵌套过深'],
    ['Strike out the brackets that are too many.', '请删除多余的括号。'],
  ],
  TAB_AS_INDENT: [
    ['A tab stands where YAML wants spaces', '缩进使用了制表符'],
    ['Indent with spaces.', '请用空格缩进。'],
  ],
  TAG_RESOLVE_FAILED: [
    ['A tag (!name) means nothing here', '标签（!名称）在此无意义'],
    ['Strike the tag out.', '请删除该标签。'],
  ],
  UNEXPECTED_TOKEN: [
    ['Something stands here that does not belong here', '此处出现了不应有的内容'],
    ['Look for a bracket or quotation mark before it that was closed too early.', '请检查前面的括号或引号是否过早结束。'],
  ],
};

export function notYaml(slip: Slip): Finding {
  const [[en, zh], remedy] = slips[slip];
  return finding('not-yaml', '/', [`This is not YAML. ${en}.`, `YAML 语法有误：${zh}。`], remedy);
}
