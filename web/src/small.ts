import { all, announce } from './live';

/** Buttons that only make sense with scripts, and things that fold. */
export function smallThings(): void {
  for (const button of all<HTMLButtonElement>('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  }
  if (navigator.clipboard) for (const button of all<HTMLButtonElement>('[data-copy]')) copyButton(button);

  // The side navigation is written open, so that it is there without scripts; a phone folds it.
  if (window.matchMedia('(max-width: 60em)').matches) for (const part of all<HTMLDetailsElement>('[data-fold-narrow]')) part.open = false;
  window.matchMedia('(min-width: 60em)').addEventListener('change', (event) => {
    if (event.matches) for (const part of all<HTMLDetailsElement>('[data-fold-narrow]')) part.open = true;
  });

  // A menu closes when the reader turns elsewhere.
  const menus = all<HTMLDetailsElement>('details.menu');
  document.addEventListener('click', (event) => {
    for (const menu of menus) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener('keydown', (event) => {
    const open = menus.find((menu) => menu.open);
    if (event.key !== 'Escape' || !open) return;
    open.open = false;
    open.querySelector('summary')?.focus();
  });
}

function copyButton(button: HTMLButtonElement): void {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy ?? '');
    if (!source) return;
    const text = (source.firstChild?.textContent ?? '').trim();
    const words = button.lastChild;
    const before = words?.textContent ?? '';
    try {
      await navigator.clipboard.writeText(text);
      if (words) words.textContent = '已复制';
      announce(`已复制 ${text}`);
      window.setTimeout(() => words && (words.textContent = before), 2000);
    } catch {
      announce('没有复制成功，请手动选择');
    }
  });
}
