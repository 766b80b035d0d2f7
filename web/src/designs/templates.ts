// What departments need again and again (环节模板): one press puts a whole step after the selected element, with post, step and
// limit set, and for steps that decide also the gateway and the ways out that the rules ask for. One press is one undo.

import { fit } from './board';

/* The drawing library hands out its parts by name, untyped. */
/* eslint-disable @typescript-eslint/no-explicit-any */
export type Shape = any;

/** A task of a template, as the server describes it (`model/template.rs`). */
interface Part {
  name: string;
  task: 'bpmn:UserTask' | 'bpmn:ServiceTask' | 'bpmn:BusinessRuleTask';
  attributes: [string, string][];
  /** Once for each entry of a variable: its name, and the name of an entry. */
  each: [string, string] | null;
}

interface Way {
  condition: string | null;
  name: string;
  /** Back to the step by way of the applicant, to an end of its own, or past a further task and on with the others. */
  to: 'correction' | 'end' | 'aside';
}

export interface Template {
  label: string;
  hint: string;
  parts: Part[];
  decides: { gateway: string; ways: Way[] } | null;
}

/** The tasks to which ways out lead. */
export interface Ways {
  correction: Part;
  aside: Part;
}

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

export function registerTemplates(modeler: any, steps: Step[], ways: Ways): (template: Template) => void {
  const [commands, modeling, factory, bpmnFactory, selection, canvas, autoPlace] = [
    'commandStack', 'modeling', 'elementFactory', 'bpmnFactory', 'selection', 'canvas', 'autoPlace',
  ].map((name) => modeler.get(name)) as any[];

  const condition = (flow: Shape, body: string | null, name: string, gateway: Shape): void => {
    modeling.updateProperties(flow, { name });
    if (body === null) modeling.updateProperties(gateway, { default: flow.businessObject });
    else modeling.updateProperties(flow, { conditionExpression: bpmnFactory.create('bpmn:FormalExpression', { body }) });
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
    return source.outgoing.length === 1 ? source.outgoing[0] : undefined;
  };

  /** Names the way from a deciding gateway that goes on. */
  const nameWay = (source: Shape, target: Shape): void => {
    const answer = goOn(source);
    if (answer && !source.outgoing.some((flow: Shape) => says(flow, answer[0]))) condition(between(source, target), OUTCOME(answer[0]), answer[1], source);
  };

  const after = (source: Shape, shape: Shape): Shape => {
    // After a join the guess of the library is as wide as what was joined.
    const joins = source.type === 'bpmn:ExclusiveGateway' && source.incoming.length > 1;
    const beside = { x: source.x + source.width + 80 + shape.width / 2, y: source.y + source.height / 2 };
    const placed = (joins ? modeling.appendShape(source, shape, beside) : autoPlace.append(source, shape)) as Shape;
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

  const task = (part: Part): Shape => {
    const shape = factory.createShape({ type: part.task });
    shape.businessObject.name = part.name;
    for (const [key, value] of part.attributes) shape.businessObject.set(`tongban:${key}`, value);
    if (part.each) {
      const [collection, item] = part.each;
      shape.businessObject.loopCharacteristics = bpmnFactory.create('bpmn:MultiInstanceLoopCharacteristics', {
        'tongban:collection': collection, 'tongban:item': item, 'tongban:outputCollection': 'opinions', 'tongban:outputItem': 'outcome',
      });
    }
    return shape;
  };

  const put = (source: Shape, template: Template): Shape => {
    const placed = template.parts.reduce((last, part) => after(last, task(part)), source);
    if (!template.decides) return placed;
    const gateway = autoPlace.append(placed, factory.createShape({ type: 'bpmn:ExclusiveGateway' })) as Shape;
    modeling.updateProperties(gateway, { name: template.decides.gateway });
    // Ways lead up, down and on from here: the name stands where none of them does.
    const { label } = gateway;
    if (label) modeling.moveShape(label, { x: gateway.x - label.width - label.x, y: gateway.y - label.height / 2 - label.y });
    return template.decides.ways.reduce((last, way) => lead(gateway, placed, way) ?? last, gateway);
  };

  /** Draws a way out of a gateway; gives where the drawing goes on, if that is no longer the gateway. */
  const lead = (gateway: Shape, step: Shape, way: Way): Shape | undefined => {
    const middle = { x: gateway.x + gateway.width / 2, y: gateway.y + gateway.height / 2 };
    if (way.to === 'aside') {
      const join = modeling.appendShape(gateway, factory.createShape({ type: 'bpmn:ExclusiveGateway' }), { x: middle.x + 300, y: middle.y }) as Shape;
      condition(between(gateway, join), null, '其他情况', gateway);
      const aside = modeling.appendShape(gateway, task(ways.aside), { x: middle.x + 150, y: middle.y - 120 }) as Shape;
      condition(between(gateway, aside), way.condition, way.name, gateway);
      modeling.connect(aside, join);
      return join;
    }
    const below = way.to === 'correction';
    const shape = below ? task(ways.correction) : factory.createShape({ type: 'bpmn:EndEvent' });
    const target = modeling.appendShape(gateway, shape, { x: middle.x, y: middle.y + (below ? 150 : -130) }) as Shape;
    condition(between(gateway, target), way.condition, way.name, gateway);
    // The correction comes back from below, not along the line it left by.
    if (below) modeling.createConnection(target, step, { type: 'bpmn:SequenceFlow', waypoints: backFromBelow(target, step) }, step.parent);
    else modeling.updateProperties(target, { name: way.name });
    return undefined;
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
