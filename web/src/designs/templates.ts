// What departments need again and again (环节模板): one press puts a whole step after the selected element, with post, step and
// limit set, and for steps that decide also the gateway and the ways out that the rules ask for. One press is one undo.

import { fit } from './board';

/* The drawing library hands out its parts by name, untyped. */
/* eslint-disable @typescript-eslint/no-explicit-any */
export type Shape = any;

interface Outcome {
  /** What the case system says; none for the default way. */
  outcome: string | undefined;
  name: string;
  /** Where it leads: back to the step by way of a task, or to an end of its own. */
  to: 'correction' | 'end';
}

export interface Template {
  label: string;
  type: 'bpmn:UserTask' | 'bpmn:ServiceTask';
  attributes: Record<string, string>;
  decides?: { gateway: string; ways: Outcome[] };
  /** Several departments at once, each with a task of its own. */
  branches?: string[];
}

export const TEMPLATES: Template[] = [
  {
    label: '受理',
    type: 'bpmn:UserTask',
    attributes: { permission: 'cases.accept', step: 'acceptance', limit: '5' },
    decides: {
      gateway: '受理结论',
      ways: [
        { outcome: 'correct', name: '一次告知补正', to: 'correction' },
        { outcome: undefined, name: '不予受理', to: 'end' },
      ],
    },
  },
  { label: '承办', type: 'bpmn:UserTask', attributes: { permission: 'cases.handle', step: 'handling', layer: 'handler', limit: '5' } },
  { label: '审查', type: 'bpmn:UserTask', attributes: { permission: 'cases.examine', step: 'examination', layer: 'examiner', limit: '3' } },
  {
    label: '审批',
    type: 'bpmn:UserTask',
    attributes: { permission: 'cases.approve', step: 'approval', layer: 'approver', limit: '2' },
    decides: { gateway: '审批决定', ways: [{ outcome: undefined, name: '不予', to: 'end' }] },
  },
  {
    label: '联合审批',
    type: 'bpmn:UserTask',
    attributes: { permission: 'cases.examine', step: 'examination', layer: 'examiner', limit: '5' },
    branches: ['部门一审查', '部门二审查'],
  },
  { label: '特别程序', type: 'bpmn:UserTask', attributes: { permission: 'cases.handle', step: 'handling', limit: '30' } },
  { label: '制证', type: 'bpmn:ServiceTask', attributes: { topic: 'licences.issue' } },
];

/** What the first outcome of a step is called, for the way on: `accept` → 受理. */
export interface Step {
  value: string;
  name: string;
  outcomes: [string, string][];
}

/** The step of the task before a gateway, if a task with a step is. */
export function stepBefore(gateway: Shape, steps: Step[]): Step | undefined {
  for (const flow of gateway.incoming ?? []) {
    const step = flow.source?.businessObject?.get('tongban:step') as string | undefined;
    const found = steps.find((known) => known.value === step);
    if (found) return found;
  }
  return undefined;
}

const OUTCOME = (value: string) => `outcome = "${value}"`;

export function registerTemplates(modeler: any, steps: Step[]): (template: Template) => void {
  const [commands, modeling, factory, bpmnFactory, selection, canvas, autoPlace] = [
    'commandStack', 'modeling', 'elementFactory', 'bpmnFactory', 'selection', 'canvas', 'autoPlace',
  ].map((name) => modeler.get(name)) as any[];

  const prefixed = (attributes: Record<string, string>) =>
    Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`tongban:${key}`, value]));

  const condition = (flow: Shape, outcome: string | undefined, name: string, gateway: Shape): void => {
    modeling.updateProperties(flow, { name });
    if (outcome === undefined) modeling.updateProperties(gateway, { default: flow.businessObject });
    else modeling.updateProperties(flow, { conditionExpression: bpmnFactory.create('bpmn:FormalExpression', { body: OUTCOME(outcome) }) });
  };

  const between = (source: Shape, target: Shape): Shape => source.outgoing.find((flow: Shape) => flow.target === target);

  /** The answer with which a case goes on from a deciding gateway. */
  const goOn = (source: Shape): [string, string] | undefined =>
    source.type === 'bpmn:ExclusiveGateway' ? stepBefore(source, steps)?.outcomes[0] : undefined;

  const says = (flow: Shape, outcome: string): boolean => flow.businessObject.conditionExpression?.body === OUTCOME(outcome);

  /** The way on from here, if there is exactly one: a new step is put into it. */
  const wayOn = (source: Shape): Shape | undefined => {
    const answer = goOn(source);
    if (answer) return source.outgoing.find((flow: Shape) => says(flow, answer[0]));
    return source.outgoing.length === 1 && source.type !== 'bpmn:ExclusiveGateway' ? source.outgoing[0] : undefined;
  };

  /** Names the way from a deciding gateway that goes on. */
  const nameWay = (source: Shape, target: Shape): void => {
    const answer = goOn(source);
    if (answer && !source.outgoing.some((flow: Shape) => says(flow, answer[0]))) condition(between(source, target), answer[0], answer[1], source);
  };

  const after = (source: Shape, shape: Shape): Shape => {
    const placed = autoPlace.append(source, shape) as Shape;
    nameWay(source, placed);
    return placed;
  };

  /** Puts a template between an element and what followed it. */
  const insert = (source: Shape, template: Template): Shape => {
    const way = wayOn(source);
    const next = way?.target as Shape | undefined;
    if (way) modeling.removeConnection(way);
    const last = put(source, template);
    if (next) {
      const [dx, dy] = [last.x + last.width + 80 - next.x, last.y + last.height / 2 - next.y - next.height / 2];
      if (dx > 0) modeling.moveElements([next], { x: dx, y: dy });
      modeling.connect(last, next);
      nameWay(last, next);
    }
    return last;
  };

  const task = (template: Template, name = template.label): Shape => {
    const shape = factory.createShape({ type: template.type });
    shape.businessObject.name = name;
    for (const [key, value] of Object.entries(prefixed(template.attributes))) shape.businessObject.set(key, value);
    return shape;
  };

  const put = (source: Shape, template: Template): Shape => {
    if (template.branches) return putBranches(source, template);
    const placed = after(source, task(template));
    if (!template.decides) return placed;
    const gateway = autoPlace.append(placed, factory.createShape({ type: 'bpmn:ExclusiveGateway' })) as Shape;
    modeling.updateProperties(gateway, { name: template.decides.gateway });
    // Ways lead up, down and on from here: the name stands where none of them does.
    const { label } = gateway;
    if (label) modeling.moveShape(label, { x: gateway.x - label.width - label.x, y: gateway.y - label.height / 2 - label.y });
    template.decides.ways.forEach((way) => {
      const below = way.to === 'correction';
      const shape = below
        ? task({ label: '补正材料', type: 'bpmn:UserTask', attributes: { permission: 'applicant', step: 'correction', limit: '15' } })
        : factory.createShape({ type: 'bpmn:EndEvent' });
      const position = { x: gateway.x + gateway.width / 2, y: gateway.y + gateway.height / 2 + (below ? 150 : -130) };
      const target = modeling.appendShape(gateway, shape, position) as Shape;
      condition(between(gateway, target), way.outcome, way.name, gateway);
      // The correction comes back from below, not along the line it left by.
      if (below) modeling.createConnection(target, placed, { type: 'bpmn:SequenceFlow', waypoints: backFromBelow(target, placed) }, placed.parent);
      else modeling.updateProperties(target, { name: way.name });
    });
    return gateway;
  };

  const putBranches = (source: Shape, template: Template): Shape => {
    const fork = after(source, factory.createShape({ type: 'bpmn:ParallelGateway' }));
    const middle = { x: fork.x + fork.width / 2, y: fork.y + fork.height / 2 };
    const tasks = template.branches!.map((name, at) =>
      modeling.appendShape(fork, task(template, name), { x: middle.x + 140, y: middle.y + (at === 0 ? -60 : 60) }) as Shape);
    const join = modeling.appendShape(tasks[0], factory.createShape({ type: 'bpmn:ParallelGateway' }), { x: middle.x + 280, y: middle.y }) as Shape;
    for (const other of tasks.slice(1)) modeling.connect(other, join);
    return join;
  };

  commands.registerHandler('tongban.template', function handler(this: any) {
    this.preExecute = (context: any) => {
      context.last = insert(context.source, context.template);
    };
  });

  return (template) => {
    const chosen = selection.get().find((shape: Shape) => !shape.waypoints && !shape.labelTarget && shape.type !== 'bpmn:EndEvent');
    const source = chosen ?? lastOpen(canvas);
    if (!source) return;
    const context: any = { source, template };
    commands.execute('tongban.template', context);
    selection.select(context.last);
    fit(canvas);
  };
}

/** Out at the left, along, and up into the middle of the other. */
function backFromBelow(from: Shape, to: Shape): { x: number; y: number }[] {
  const [y, x] = [from.y + from.height / 2, to.x + to.width / 2];
  return [{ x: from.x, y }, { x, y }, { x, y: to.y + to.height }];
}

/** Where the drawing can go on: the rightmost element without a way out. */
function lastOpen(canvas: any): Shape | undefined {
  const open = (canvas.getRootElement().children as Shape[]).filter(
    (shape) => !shape.waypoints && !shape.labelTarget && !['bpmn:EndEvent', 'bpmn:BoundaryEvent'].includes(shape.type));
  const loose = open.filter((shape) => !shape.outgoing?.length);
  return (loose.length ? loose : open).sort((a, b) => b.x - a.x)[0];
}
