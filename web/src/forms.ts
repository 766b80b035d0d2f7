import { all, announce } from './live';

/** Forms are sent once, and left with unsaved changes only on purpose. */
export function guardForms(): void {
  for (const form of all<HTMLFormElement>('form[method=post]')) onlyOnce(form);
  const guarded = all<HTMLFormElement>('form[data-dirty-check]');
  if (guarded.length) warnBeforeLeaving(guarded);
}

function onlyOnce(form: HTMLFormElement): void {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = 'yes';
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    // After this turn, so that the button's own name and value are still part of what is sent.
    window.setTimeout(() => {
      if (event.defaultPrevented && !form.hasAttribute('data-upload-form')) return release(form);
      if (!button?.classList.contains('button')) return;
      button.dataset.label = button.innerHTML;
      button.textContent = '正在提交…';
      button.setAttribute('aria-disabled', 'true');
      announce('正在提交');
    });
  });
  // Coming back with the browser's back button shows the page as it was left.
  window.addEventListener('pageshow', (event) => event.persisted && release(form));
}

/** Lets a form be sent again. */
export function release(form: HTMLFormElement): void {
  delete form.dataset.sending;
  for (const button of all<HTMLButtonElement>('button[data-label]', form)) {
    button.innerHTML = button.dataset.label ?? button.innerHTML;
    delete button.dataset.label;
    button.removeAttribute('aria-disabled');
  }
}

function warnBeforeLeaving(forms: HTMLFormElement[]): void {
  const changed = new Set<HTMLFormElement>();
  for (const form of forms) {
    form.addEventListener('input', () => changed.add(form));
    form.addEventListener('submit', () => changed.delete(form));
  }
  window.addEventListener('beforeunload', (event) => {
    if (changed.size) event.preventDefault();
  });
}
