import { all, announce } from './live';

/** j and k move in lists, Enter opens, / goes to the search box, ? shows the help. Never while somebody types. */
export function listKeys(): void {
  const rows = all<HTMLTableRowElement>('[data-keyboard-list] tr[data-href]');
  const help = document.querySelector<HTMLDetailsElement>('details.keyboard');
  let current = -1;

  const go = (to: number) => {
    const row = rows[to];
    if (!row) return;
    rows[current]?.removeAttribute('data-current');
    current = to;
    row.setAttribute('data-current', '');
    // The focus goes to the row's own link, so that Enter, the screen reader and the eye agree.
    (row.querySelector<HTMLElement>('a') ?? row).focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  };

  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
    if (event.key === '/') {
      const search = document.querySelector<HTMLInputElement>('form[data-search] input[name=q]');
      if (!search) return;
      search.focus();
    } else if (event.key === '?' && help) {
      help.open = true;
      help.querySelector('summary')?.focus();
      announce('j 下一行，k 上一行，回车打开，斜杠到搜索框');
    } else if (rows.length && event.key === 'j') go(Math.min(current + 1, rows.length - 1));
    else if (rows.length && event.key === 'k') go(Math.max(current - 1, 0));
    else if (event.key === 'Enter' && target === rows[current]) window.location.assign(rows[current]?.dataset.href ?? '');
    else return;
    event.preventDefault();
  });
}
