// What can be set on the selected element, in plain Chinese. Every change is a command of the modeler, so undo knows it.
import { element } from './board';
import { type Shape, type Step, type Template, type Ways, stepBefore } from './templates';

/* eslint-disable @typescript-eslint/no-explicit-any */
type Pair = [string, string];

export interface Options extends Ways {
  permissions: Pair[];
  steps: Step[];
  layers: Pair[];
  topics: Pair[];
  forms: Pair[];
  decisions: Pair[];
  templates: Template[];
  /** Bodies that can take part in a joint approval. */
  bodies: string[];
  /** What a decision table can give, by its key. */
  results: Record<string, string[]>;
}

const KINDS: Record<string, string> = {
  'bpmn:UserTask': '人工任务', 'bpmn:ServiceTask': '自动任务', 'bpmn:Task': '任务（请先用扳手选类型）', 'bpmn:BusinessRuleTask': '规则任务',
  'bpmn:StartEvent': '开始', 'bpmn:EndEvent': '结束', 'bpmn:ExclusiveGateway': '判断', 'bpmn:ParallelGateway': '并行', 'bpmn:SequenceFlow': '连线',
  'bpmn:BoundaryEvent': '边界事件', 'bpmn:Process': '整个流程', 'bpmn:Lane': '泳道', 'bpmn:Participant': '泳池', 'bpmn:Collaboration': '整张图',
};

/** Steps whose outcomes the case system knows; at the others the drawing says what can be answered. */
const OWN_FORMS = ['acceptance', 'correction', 'handling', 'examination', 'approval'];

export function panel(modeler: any, holder: HTMLElement, options: Options): void {
  const [events, modeling, bpmnFactory, selection, canvas] = ['eventBus', 'modeling', 'bpmnFactory', 'selection', 'canvas'].map((n) => modeler.get(n)) as any[];
  let count = 0;

  const labelled = (label: string, input: HTMLElement, hint?: string): HTMLElement => {
    const id = `panel-${(count += 1)}`;
    input.id = id;
    const parts: (Node | string)[] = [element('label', { class: 'govuk-label', for: id }, label)];
    if (hint) {
      parts.push(element('div', { class: 'govuk-hint', id: `${id}-hint` }, hint));
      input.setAttribute('aria-describedby', `${id}-hint`);
    }
    return element('div', { class: 'designer__field' }, ...parts, input);
  };

  const text = (label: string, value: string, save: (value: string) => void, kind = 'text', hint?: string): HTMLElement => {
    const input = element('input', { class: 'govuk-input', type: kind === 'number' ? 'text' : kind, value }) as HTMLInputElement;
    if (kind === 'number') input.inputMode = 'numeric';
    input.addEventListener('change', () => save(input.value.trim()));
    return labelled(label, input, hint);
  };

  const choose = (label: string, value: string, pairs: Pair[], save: (value: string) => void, hint?: string): HTMLElement => {
    const select = element('select', { class: 'govuk-select' }) as HTMLSelectElement;
    // A value nobody offers stays: choosing is not losing.
    const known = value === '' || pairs.some(([key]) => key === value) ? pairs : [...pairs, [value, value] as Pair];
    select.append(new Option('请选择', ''), ...known.map(([key, name]) => new Option(name, key)));
    select.value = value;
    select.addEventListener('change', () => save(select.value));
    return labelled(label, select, hint);
  };

  const own = (shape: Shape, name: string): string => shape.businessObject.get(`tongban:${name}`) ?? '';
  const set = (shape: Shape, name: string) => (value: string) => modeling.updateProperties(shape, { [`tongban:${name}`]: value === '' ? undefined : value });

  const userTask = (shape: Shape): HTMLElement[] => [
    choose('环节', own(shape, 'step'), options.steps.map((s) => [s.value, s.name] as Pair), set(shape, 'step'), '办件在这里办的是哪一步'),
    choose('谁来办', own(shape, 'permission'), options.permissions, set(shape, 'permission'), '有这个岗位的人都能领取'),
    choose('审批层级', own(shape, 'layer'), options.layers, set(shape, 'layer'), '承办、审查、审批最多三层，受理和补正不选'),
    text('办理时限（工作日）', own(shape, 'limit'), set(shape, 'limit'), 'number'),
    element('div', { class: 'designer__pair' },
      text('剩几天亮黄灯', own(shape, 'yellow'), set(shape, 'yellow'), 'number'),
      text('剩几天亮红灯', own(shape, 'red'), set(shape, 'red'), 'number')),
    choose('办理时填的表单', own(shape, 'form'), options.forms, set(shape, 'form')),
    choose('到达时通知', own(shape, 'notice'), [['candidates', '可以办理的人'], ['applicant', '申请人'], ['both', '办理人和申请人']], set(shape, 'notice')),
    ...(OWN_FORMS.includes(own(shape, 'step')) ? [] : [outcomes(shape)]),
  ];

  const words = (label: string, value: string, save: (value: string) => void, hint?: string): HTMLElement => {
    const input = element('textarea', { class: 'govuk-textarea', rows: '4' }) as HTMLTextAreaElement;
    input.value = value;
    input.addEventListener('change', () => save(input.value.trim()));
    return labelled(label, input, hint);
  };

  /** Each entry is `机构|证照|序号|年`; whoever ticks a department keeps what is written about the others. */
  const departments = (shape: Shape): HTMLElement => {
    const chosen = own(shape, 'departments').split(';').map((part) => part.trim()).filter(Boolean);
    const nameOf = (part: string) => part.split('|')[0]!.trim();
    const known = [...new Set([...chosen.map(nameOf), ...options.bodies])];
    const boxes = known.map((name) => {
      const id = `panel-${(count += 1)}`;
      const box = element('input', { class: 'govuk-checkboxes__input', type: 'checkbox', id }) as HTMLInputElement;
      box.checked = chosen.some((part) => nameOf(part) === name);
      box.addEventListener('change', () => {
        const others = chosen.filter((part) => nameOf(part) !== name);
        set(shape, 'departments')((box.checked ? [...others, name] : others).join(';'));
      });
      return element('div', { class: 'govuk-checkboxes__item' }, box, element('label', { class: 'govuk-label govuk-checkboxes__label', for: id }, name));
    });
    return element('fieldset', { class: 'govuk-fieldset designer__field' }, element('legend', { class: 'govuk-fieldset__legend' }, '由哪些部门同时审查'),
      element('div', { class: 'govuk-checkboxes govuk-checkboxes--small designer__scroll', tabindex: '0' }, ...boxes));
  };

  const serviceTask = (shape: Shape): HTMLElement[] => {
    const fields = [choose('系统自动做什么', own(shape, 'topic'), options.topics, set(shape, 'topic'))];
    switch (own(shape, 'topic')) {
      case 'cases.notify':
        fields.push(words('通知写什么', own(shape, 'message'), set(shape, 'message'), '可以写 {办件编号}、{事项名称}、{办理机关}，发出时自动换成实际内容'));
        break;
      case 'cases.departments':
        fields.push(choose('由决策表决定部门', own(shape, 'decision'), options.decisions, set(shape, 'decision'), '不选就用下面勾选的部门'));
        if (!own(shape, 'decision')) fields.push(departments(shape));
        break;
      case 'cases.start_special':
        fields.push(text('哪一项特别程序', own(shape, 'special'), set(shape, 'special'), 'text', '与事项公布的名称一致；不写就用事项列出的第一项'),
          text('多少个工作日', own(shape, 'days'), set(shape, 'days'), 'number', '不写就用事项公布的天数'));
        break;
      case 'cases.decide_at_once':
        fields.push(...ruleTask(shape));
        break;
      case 'cases.deliver':
        fields.push(text('送达方式', own(shape, 'method'), set(shape, 'method')));
        break;
    }
    return fields;
  };

  /** What can be answered at the end of a task, one line each; what is known keeps its value. */
  const outcomes = (shape: Shape): HTMLElement => {
    const pairs = own(shape, 'outcomes').split(';').filter((part) => part.trim()).map((part) => {
      const [value, name] = part.split('=');
      return [value!.trim(), (name ?? value!).trim()] as Pair;
    });
    return words('可以得出哪些结论', pairs.map(([, name]) => name).join('\n'), (typed) => {
      const lines = typed.split('\n').map((line) => line.replace(/[=;]/g, '').trim()).filter(Boolean);
      set(shape, 'outcomes')(lines.map((line) => `${pairs.find(([, name]) => name === line)?.[0] ?? line}=${line}`).join(';'));
    }, '一行一个，例如：符合、不符合');
  };

  /** What the task or table before a gateway can say, as conditions with their words. */
  const sayings = (gateway: Shape): Pair[] => {
    for (const incoming of gateway.incoming ?? []) {
      const from = incoming.source;
      const get = (name: string) => (from?.businessObject?.get?.(`tongban:${name}`) as string | undefined) ?? '';
      if (from?.type === 'bpmn:BusinessRuleTask') {
        return (options.results[get('decision')] ?? []).map((result) => [`result = "${result}"`, `决策表得出“${result}”`]);
      }
      if (get('outcomes')) {
        return get('outcomes').split(';').filter(Boolean).map((part) => {
          const [value, name] = part.split('=');
          return [`outcome = "${value!.trim()}"`, `结论是“${(name ?? value!).trim()}”`];
        });
      }
    }
    return [];
  };

  const ruleTask = (shape: Shape): HTMLElement[] => [
    choose('用哪张决策表', own(shape, 'decision'), options.decisions, set(shape, 'decision'), '列出已发布的决策表'),
  ];

  const timer = (shape: Shape): HTMLElement[] => {
    const definition = shape.businessObject.eventDefinitions?.[0];
    if (definition?.$type !== 'bpmn:TimerEventDefinition') return [];
    return [text('几个工作日以后', definition.get('tongban:workdays') ?? '',
      (value) => modeling.updateModdleProperties(shape, definition, { 'tongban:workdays': value === '' ? undefined : value }), 'text', '也可以写 =correction_days 这样的变量')];
  };

  const flow = (shape: Shape): HTMLElement[] => {
    const gateway = shape.source;
    if (gateway?.type !== 'bpmn:ExclusiveGateway' && gateway?.type !== 'bpmn:InclusiveGateway') return [];
    const body: string = shape.businessObject.conditionExpression?.body ?? '';
    const isDefault = gateway.businessObject.default === shape.businessObject;
    const known = stepBefore(gateway, options.steps)?.outcomes ?? [];
    const pairs: Pair[] = [...known.map(([value, name]) => [`outcome = "${value}"`, `结论是“${name}”`] as Pair), ...sayings(gateway), ['default', '其他情况都走这条'], ['own', '自己写条件']];
    const write = (condition: string) => modeling.updateProperties(shape, {
      conditionExpression: condition === '' ? undefined : bpmnFactory.create('bpmn:FormalExpression', { body: condition }),
    });
    const now = isDefault ? 'default' : pairs.some(([key]) => key === body) ? body : body ? 'own' : '';
    const fields = [choose('什么情况走这条路', now, pairs, (value) => {
      if (value === 'default') {
        write('');
        modeling.updateProperties(gateway, { default: shape.businessObject });
      } else {
        if (isDefault) modeling.updateProperties(gateway, { default: undefined });
        write(value === 'own' ? 'outcome = ""' : value);
        const named = known.find(([key]) => value === `outcome = "${key}"`);
        if (named && !shape.businessObject.name) modeling.updateProperties(shape, { name: named[1] });
      }
    })];
    if (now === 'own') fields.push(text('条件', body, write, 'text', '例如 amount > 1000 and outcome = "forward"'));
    return fields;
  };

  const fieldsOf = (shape: Shape): HTMLElement[] => {
    const name = shape.type === 'bpmn:Collaboration' ? [] : [text(shape.type === 'bpmn:SequenceFlow' ? '这条路叫什么' : '名称', shape.businessObject.name ?? '',
      (value) => modeling.updateProperties(shape, { name: value }))];
    switch (shape.type) {
      case 'bpmn:UserTask': return [...name, ...userTask(shape)];
      case 'bpmn:ServiceTask': case 'bpmn:SendTask': return [...name, ...serviceTask(shape)];
      case 'bpmn:BusinessRuleTask': return [...name, ...ruleTask(shape)];
      case 'bpmn:SequenceFlow': return [...name, ...flow(shape)];
      case 'bpmn:Lane': return [...name, choose('这条泳道由谁办', own(shape, 'permission'), options.permissions, set(shape, 'permission'))];
      default: return [...name, ...timer(shape)];
    }
  };

  const show = (): void => {
    const chosen = selection.get();
    const shape = chosen.length === 1 ? (chosen[0].labelTarget ?? chosen[0]) : canvas.getRootElement();
    // Whoever is typing here keeps the field: the change is their own.
    const focused = document.activeElement instanceof HTMLElement && holder.contains(document.activeElement) ? document.activeElement.id : '';
    count = 0;
    holder.replaceChildren(
      element('h2', { class: 'designer__panel-title' }, KINDS[shape.type] ?? '元素'),
      ...(chosen.length > 1 ? [element('p', {}, `选了 ${chosen.length} 个元素，选一个来设置。`)] : fieldsOf(shape)),
    );
    if (focused) document.getElementById(focused)?.focus();
  };

  holder.hidden = false;
  events.on(['selection.changed', 'elements.changed', 'import.done', 'root.set'], show);
  show();
}
