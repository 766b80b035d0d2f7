import { all, announce } from './live';

interface Suggestion {
  label: string;
  href: string;
  hint?: string;
}

/** Suggestions below a search box: an ARIA combobox with a list of links. Enter without a choice searches as usual. */
export function searchSuggestions(): void {
  for (const form of all<HTMLFormElement>('form[data-search]')) {
    const input = form.querySelector<HTMLInputElement>('input[name=q]');
    if (input) combobox(form, input);
  }
}

function combobox(form: HTMLFormElement, input: HTMLInputElement): void {
  const list = document.createElement('ul');
  list.id = `${input.id}-list`;
  list.className = 'search__list';
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', '搜索建议');
  form.append(list);
  for (const [name, value] of Object.entries({
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': list.id,
  }))
    input.setAttribute(name, value);

  let suggestions: Suggestion[] = [];
  let current = -1;
  let timer = 0;
  let running: AbortController | undefined;

  const close = () => {
    list.hidden = true;
    current = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const open = (suggestion: Suggestion | undefined) => suggestion && window.location.assign(suggestion.href);
  const choose = (index: number) => {
    current = index;
    [...list.children].forEach((option, place) => option.setAttribute('aria-selected', String(place === index)));
    const option = list.children[index];
    if (option) {
      input.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    } else input.removeAttribute('aria-activedescendant');
  };
  const show = (found: Suggestion[]) => {
    suggestions = found;
    list.replaceChildren(
      ...found.map((suggestion, index) => {
        const option = document.createElement('li');
        option.id = `${list.id}-${index}`;
        option.className = 'search__option';
        option.setAttribute('role', 'option');
        option.setAttribute('aria-selected', 'false');
        const label = document.createElement('span');
        label.textContent = suggestion.label;
        option.append(label);
        if (suggestion.hint) {
          const hint = document.createElement('span');
          hint.className = 'search__hint';
          hint.textContent = suggestion.hint;
          option.append(hint);
        }
        option.addEventListener('mousedown', (event) => event.preventDefault()); // keeps the focus in the box
        option.addEventListener('click', () => open(suggestion));
        return option;
      }),
    );
    current = -1;
    list.hidden = found.length === 0;
    input.setAttribute('aria-expanded', String(found.length > 0));
    announce(found.length ? `有 ${found.length} 条建议，用上下键选择` : '没有建议');
  };
  const ask = async () => {
    const query = input.value.trim();
    running?.abort();
    if (!query) return close();
    running = new AbortController();
    try {
      const answer = await fetch(`/search/suggest?q=${encodeURIComponent(query)}`, {
        headers: { accept: 'application/json' },
        signal: running.signal,
      });
      if (answer.ok) show((await answer.json()) as Suggestion[]);
    } catch {
      close(); // suggestions are a courtesy; the search itself still works
    }
  };

  input.addEventListener('input', (event) => {
    if ((event as InputEvent).isComposing) return; // half-typed pinyin is not a query
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, 180);
  });
  input.addEventListener('compositionend', () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, 180);
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || list.hidden) return;
    const last = suggestions.length - 1;
    if (event.key === 'ArrowDown') choose(current < last ? current + 1 : 0);
    else if (event.key === 'ArrowUp') choose(current > 0 ? current - 1 : last);
    else if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && suggestions[current]) open(suggestions[current]);
    else return;
    event.preventDefault();
  });
  input.addEventListener('blur', close);
}
