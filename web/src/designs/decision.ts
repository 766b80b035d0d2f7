// 决策表设计: the DMN modeler. One board holds the graph and the tables; tabs lead from one to the other.
import Modeler from 'dmn-js/lib/Modeler';
import { type Board, element, onBoard } from './board';
import { translateDecision } from './chinese-dmn';

onBoard(async (board: Board) => {
  const words = { translate: ['value', translateDecision] };
  const common = { additionalModules: [words] };
  const modeler = new Modeler({ container: board.canvas, common, drd: common, decisionTable: common, literalExpression: common, boxedExpression: common }) as any;
  await modeler.importXML(await board.load());

  const tabs = element('div', { class: 'designer__templates', role: 'toolbar', 'aria-label': '决策图和决策表' });
  board.canvas.closest('.designer__board')!.before(tabs);
  const names: Record<string, string> = { drd: '决策图', decisionTable: '决策表', literalExpression: '表达式', boxedExpression: '表达式' };
  const draw = (): void => {
    const active = modeler.getActiveView();
    tabs.replaceChildren(...modeler.getViews().map((view: any) => {
      const label = view.type === 'drd' ? names.drd! : `${names[view.type] ?? ''}“${view.element.name || view.element.id}”`;
      const button = element('button', { type: 'button', class: 'designer__template', 'aria-pressed': String(view.element === active?.element) }, label);
      button.addEventListener('click', () => modeler.open(view).then(draw));
      return button;
    }));
  };

  const listened = new WeakSet<object>();
  const listen = (): void => {
    const viewer = modeler.getActiveViewer();
    if (!viewer || listened.has(viewer)) return;
    listened.add(viewer);
    viewer.on('commandStack.changed', () => board.changed());
    viewer.on('elements.changed', draw);
  };
  modeler.on('views.changed', () => { draw(); listen(); });
  board.tool('撤销', () => modeler.getActiveViewer().get('commandStack').undo(), 'Ctrl+Z');
  board.tool('重做', () => modeler.getActiveViewer().get('commandStack').redo(), 'Ctrl+Y');

  const table = modeler.getViews().find((view: any) => view.type === 'decisionTable');
  if (table) await modeler.open(table);
  draw();
  listen();
  board.attach({
    content: async () => (await modeler.saveXML({ format: true })).xml as string,
    select: (id) => {
      // A problem names a decision, its table, a rule or a cell.
      const cells = (rule: any): any[] => [...(rule.inputEntry ?? []), ...(rule.outputEntry ?? [])];
      const holds = ({ element: decision }: any): boolean => {
        const logic = decision.decisionLogic;
        return [decision.id, logic?.id].includes(id) || (logic?.rule ?? []).some((rule: any) => rule.id === id || cells(rule).some((cell) => cell.id === id));
      };
      const views = modeler.getViews().filter(holds);
      const view = views.find((known: any) => known.type !== 'drd') ?? views[0];
      if (!view) return;
      void modeler.open(view).then(() => {
        draw();
        const rules: any[] = view.element.decisionLogic?.rule ?? [];
        const rule = rules.find((known) => known.id === id);
        const cell = rule ? cells(rule)[0]?.id : id;
        if (!rules.some((known) => cells(known).some((entry) => entry.id === cell))) return;
        const shown = board.canvas.querySelector<HTMLElement>(`td[data-element-id="${CSS.escape(cell)}"]`);
        shown?.scrollIntoView({ block: 'nearest' });
        shown?.click();
        shown?.querySelector<HTMLElement>('[contenteditable=true]')?.focus();
      });
    },
  });
});
