// 流程设计: the BPMN modeler with our words, our steps and our few properties.
import Modeler from 'bpmn-js/lib/Modeler';
import { type Board, element, fit, onBoard } from './board';
import { chinese } from './chinese';
import { withDiagram } from './layout';
import { tongban } from './moddle';
import { type Options, panel } from './panel';
import { registerTemplates } from './templates';

onBoard(async (board: Board) => {
  const modeler = new Modeler({ container: board.canvas, moddleExtensions: { tongban }, additionalModules: [chinese] }) as any;
  await modeler.importXML(await withDiagram(await board.load()));
  const [canvas, selection, registry, commands] = ['canvas', 'selection', 'elementRegistry', 'commandStack'].map((name) => modeler.get(name)) as any[];
  const options = board.options<Options>();

  const bar = element('div', { class: 'designer__templates', role: 'toolbar', 'aria-label': '环节模板' }, element('span', { class: 'designer__hint' }, '接在选中的元素后面：'));
  const put = registerTemplates(modeler, options.steps, options);
  for (const template of options.templates) {
    const button = element('button', { type: 'button', class: 'designer__template', title: template.hint }, template.label);
    button.addEventListener('click', () => put(template));
    bar.append(button);
  }
  board.canvas.closest('.designer__board')!.before(bar);

  panel(modeler, board.panel, options);
  board.tool('撤销', () => commands.undo(), 'Ctrl+Z');
  board.tool('重做', () => commands.redo(), 'Ctrl+Y');
  board.tool('放大', () => canvas.zoom(canvas.zoom() * 1.2));
  board.tool('缩小', () => canvas.zoom(canvas.zoom() / 1.2));
  board.tool('全图', () => fit(canvas));

  fit(canvas);
  modeler.on('commandStack.changed', () => board.changed());
  board.attach({
    content: async () => (await modeler.saveXML({ format: true })).xml as string,
    select: (id) => {
      const shape = registry.get(id);
      if (!shape) return;
      selection.select(shape);
      canvas.scrollToElement(shape, 80);
      board.canvas.focus();
    },
  });
});
