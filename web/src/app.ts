// What makes pages nicer where scripts run. Every page works without: nothing here is the only way to do anything.
import '../styles/app.scss';
import {
  ErrorSummary,
  PasswordInput,
  SkipLink,
  Tabs,
  createAll,
} from 'govuk-frontend';
import { revealed } from './choices';
import { countCharacters } from './counting';
import { followAnswers } from './formpages';
import { guardForms } from './forms';
import { listKeys } from './keys';
import { readAloud } from './reading';
import { searchSuggestions } from './search';
import { smallThings } from './small';
import { uploads } from './upload';

function start(): void {
  document.body.classList.add('js-enabled', 'govuk-frontend-supported');

  countCharacters();
  createAll(PasswordInput, {
    i18n: {
      showPassword: '显示',
      hidePassword: '隐藏',
      showPasswordAriaLabel: '显示密码',
      hidePasswordAriaLabel: '隐藏密码',
      passwordShownAnnouncement: '密码已显示',
      passwordHiddenAnnouncement: '密码已隐藏',
    },
  });
  for (const component of [ErrorSummary, SkipLink, Tabs]) createAll(component);

  for (const enhance of [revealed, guardForms, followAnswers, uploads, searchSuggestions, listKeys, readAloud, smallThings]) {
    try {
      enhance();
    } catch (error) {
      console.error(error); // one enhancement that fails must not take the others with it
    }
  }
}

start();
document.addEventListener('page-replaced', start);
