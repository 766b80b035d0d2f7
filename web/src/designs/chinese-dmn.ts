// The words of the decision editor in Chinese.
import { translate } from './chinese';

const OWN: Record<string, string> = {
  'Activate hand tool': '移动画布', 'Activate lasso tool': '框选', 'Add cell description': '给单元格加说明', 'Add input column left': '左边加一列条件',
  'Add input column right': '右边加一列条件', 'Add input': '加一列条件', 'Add output column left': '左边加一列结论', 'Add output column right': '右边加一列结论',
  'Add output': '加一列结论', 'Add parameter': '加参数', 'Add predefined values': '规定可选的值', 'Add rule above': '上面加一条规则', 'Add rule below': '下面加一条规则',
  'Add rule': '加一条规则', 'Add values': '加值', 'Add text annotation': '加批注', After: '晚于', And: '并且', Annotation: '说明', Annotations: '说明',
  'Append business knowledge model': '接业务知识模型', 'Append decision': '接决策', 'Append input data': '接输入数据', 'Append knowledge source': '接依据', Before: '早于',
  Between: '介于', 'Boolean value': '是或否', 'Change cell expression language': '更换单元格的表达式语言', 'Change type': '更换类型', 'Clear predefined values': '取消规定的值',
  'Comparison operator': '比较方式', Comparison: '比较', 'Connect to other element': '连到另一个元素', 'Copy input column': '复制这列条件', 'Copy output column': '复制这列结论',
  'Copy rule': '复制规则', 'Create decision': '决策', 'Create input data': '输入数据', 'Create knowledge model': '业务知识模型', 'Create knowledge source': '依据（法规、文件）',
  'Custom values': '自己填', 'Cut input column': '剪切这列条件', 'Cut output column': '剪切这列结论', 'Cut rule': '剪切规则', 'Date and time value': '日期和时间', 'Date and time': '日期和时间',
  'Date value': '日期', Date: '日期', 'Decision name': '决策名称', 'Decision name: ': '决策名称：', 'Definition ID': '文件编号', 'Definition name': '文件名称', Delete: '删除', 'Duration value': '时长',
  'Edit boolean': '修改是否', 'Edit date and time': '修改日期时间', 'Edit date': '修改日期', 'Edit duration': '修改时长', 'Edit end date': '修改截止日期', 'Edit formal parameters': '修改参数',
  'Edit input': '修改条件', 'Edit number': '修改数字', 'Edit output': '修改结论', 'Edit start date': '修改起始日期', 'Edit string': '修改文字', 'Edit time': '修改时间', Edit: '修改',
  'Editing not supported for set expression language': '这种表达式语言不能在这里修改', 'Element name': '名称', 'End date': '截止日期', 'End value': '到', 'Enter expression': '填写表达式', Equals: '等于',
  Exactly: '正好是', Exclude: '不含', 'Expression language': '表达式语言', 'Expression language: {expressionLanguageLabel}': '表达式语言：{expressionLanguageLabel}', 'Expression language:': '表达式语言：',
  Expression: '表达式', 'Greater or equals': '大于或等于', Greater: '大于', 'Hit policy': '命中方式', 'Hit policy:': '命中方式：', Include: '含', 'Input expression': '取哪个数据', 'Input expression: ': '取哪个数据：',
  'Input label': '条件名称', 'Input label: ': '条件名称：', 'Input type': '数据类型', 'Input values': '可选的值', Input: '条件', 'Less or equals': '小于或等于', Less: '小于', 'Literal expression': '表达式',
  'Match none': '都不是', 'Match one': '是其中之一', 'Move rule': '移动规则', 'No values': '没有规定', No: '否', 'Output label': '结论名称', 'Output label: ': '结论名称：', 'Output name': '结论的数据名', 'Output name: ': '结论的数据名：',
  'Output type': '数据类型', 'Output values': '可选的值', Output: '结论', 'Paste rule above': '粘贴到上面', 'Paste rule below': '粘贴到下面', 'Paste input column left': '粘贴到左边', 'Paste input column right': '粘贴到右边',
  'Paste output column left': '粘贴到左边', 'Paste output column right': '粘贴到右边', 'Predefined values': '规定的值', 'Range start value': '从', 'Range end value': '到', Range: '范围', 'Remove cell description': '删除说明',
  'Remove input column': '删除这列条件', 'Remove output column': '删除这列结论', 'Remove parameter': '删除参数', 'Remove rule': '删除规则', Resize: '调整宽度', 'Set value': '设定值', 'Start date': '起始日期', 'Start value': '从',
  'String value': '文字', 'Strings must be in double quotes': '文字要加英文双引号', 'Test type': '比较方式', Then: '那么', Time: '时间', Type: '类型', 'Use now': '现在', 'Use today': '今天', Value: '值', Values: '值', 'Variable name': '数据名',
  'Variable name:': '数据名：', 'Variable type': '数据类型', 'Variable type:': '数据类型：', 'View DRD': '看决策图', When: '如果', Yes: '是', Unique: '只命中一条', First: '取第一条', Priority: '按优先级', Any: '结论相同的任意一条', Collect: '收集全部',
  'Collect (Sum)': '求和', 'Collect (Min)': '取最小', 'Collect (Max)': '取最大', 'Collect (Count)': '计数', 'Rule order': '按规则顺序全部', 'Output order': '按结论顺序全部', 'No overlap is possible and all rules are disjoint. Only a single rule can be matched': '规则互不重叠，只会命中一条',
  string: '文字', boolean: '是或否', number: '数字', date: '日期', time: '时间', dateTime: '日期时间', dayTimeDuration: '时长（天、时）', yearMonthDuration: '时长（年、月）', Any_: '不限',
};

/** Chinese for a text of the decision editor. */
export function translateDecision(text: string, values: Record<string, string> = {}): string {
  const said = OWN[text];
  return said === undefined ? translate(text, values) : said.replace(/{([^}]+)}/g, (all, key: string) => values[key] ?? all);
}
