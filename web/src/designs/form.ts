// 表单设计: the form-js editor. The schema is stored as it is and rendered by the server.
import { FormEditor } from '@bpmn-io/form-js-editor';
import { type Board, onBoard } from './board';

onBoard(async (board: Board) => {
  const editor = new FormEditor({ container: board.canvas }) as any;
  await editor.importSchema(JSON.parse(await board.load()));
  // The editor adds a field by dragging or by the Enter key; a press of the mouse does the same (Enter presses, too: those have no detail).
  board.canvas.addEventListener('click', (event) => {
    const button = (event.target as HTMLElement).closest('.fjs-palette-field');
    if (button && event.detail > 0) button.dispatchEvent(new KeyboardEvent('keydown', { code: 'Enter', bubbles: true }));
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
