// 表单设计: the form-js editor. The schema is stored as it is and rendered by the server.
import { FormEditor } from '@bpmn-io/form-js-editor';
import { type Board, onBoard } from './board';

/** The panel has drawn the newly selected field by then (milliseconds). */
const DRAWN = 200;

onBoard(async (board: Board) => {
  const editor = new FormEditor({ container: board.canvas }) as any;
  await editor.importSchema(JSON.parse(await board.load()));
  // The editor adds a field by dragging or by the Enter key; a press of the mouse does the same (Enter presses, too: those have no detail).
  board.canvas.addEventListener('click', (event) => {
    const button = (event.target as HTMLElement).closest('.fjs-palette-field');
    if (button && event.detail > 0) button.dispatchEvent(new KeyboardEvent('keydown', { code: 'Enter', bubbles: true }));
  });
  // Title and name of a field are what everybody sets first: they need not be unfolded.
  editor.on('selection.changed', () => {
    window.setTimeout(() => {
      const group = board.canvas.querySelector('[data-group-id=group-general]');
      if (group && !group.querySelector('.bio-properties-panel-group-entries.open')) group.querySelector<HTMLElement>('.bio-properties-panel-group-header')?.click();
    }, DRAWN);
  });
  const commands = editor.get('commandStack');
  board.tool('撤销', () => commands.undo(), 'Ctrl+Z');
  board.tool('重做', () => commands.redo(), 'Ctrl+Y');
  editor.on('commandStack.changed', () => board.changed());
  board.attach({
    content: async () => JSON.stringify(editor.saveSchema(), null, 2),
    select: (id) => {
      const field = editor.get('formFieldRegistry').get(id);
      if (field) editor.get('selection').set(field);
    },
  });
});
