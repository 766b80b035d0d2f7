import { countCharacters } from './counting';
import { all } from './live';

/**
 * Hidden parts, computed values and the next level of a list follow the answers at once. The server draws the fields again
 * with what is typed, so there is no second set of rules; without scripts its buttons do the same.
 */
export function followAnswers(): void {
  for (const fields of all('[data-form-fields=follow]')) follow(fields);
}

function follow(fields: HTMLElement): void {
  const form = fields.closest('form');
  if (!form) return;
  let asking = false;
  let askAgain = false;

  const typed = () => new URLSearchParams([...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === 'string'));

  async function ask(): Promise<void> {
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    fields.setAttribute('aria-busy', 'true');
    try {
      const sent = typed();
      const body = new URLSearchParams(sent);
      body.append('_act', 'look'); // keeps nothing: a button pressed at the same moment is the one that counts
      const answer = await fetch(form!.action, { method: 'POST', body, headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      // A trial shows all pages of a form at once: each part takes its own place in the answer.
      const fresh = page.querySelectorAll<HTMLElement>('[data-form-fields]')[[...document.querySelectorAll('[data-form-fields]')].indexOf(fields)];
      if (!answer.ok || !fresh || form!.dataset.sending) return;
      if (typed().toString() !== sent.toString()) askAgain = true; // typed on meanwhile: nothing of it may be lost
      else put(fields, fresh);
    } catch {
      // without the server the page stays as it is; going on will say what is wrong
    } finally {
      asking = false;
      if (askAgain) {
        askAgain = false;
        window.setTimeout(() => void ask(), 100);
      } else {
        fields.removeAttribute('aria-busy');
      }
    }
  }

  form.addEventListener('change', (event) => {
    if (event.target instanceof Element && event.target.closest('[data-form-fields]')) void ask();
  });
}

/** Puts the new fields in place; who was in a field stays in it. */
function put(fields: HTMLElement, fresh: HTMLElement): void {
  const focused = document.activeElement;
  const id = focused && fields.contains(focused) ? focused.id : '';
  const place = focused instanceof HTMLInputElement && focused.type === 'text' ? focused.selectionStart : null;
  fields.replaceChildren(...fresh.childNodes);
  countCharacters(fields);
  const again = id ? document.getElementById(id) : null;
  again?.focus({ preventScroll: true });
  if (again instanceof HTMLInputElement && place !== null) again.setSelectionRange(place, place);
}
