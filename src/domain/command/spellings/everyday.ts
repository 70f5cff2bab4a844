/**
 * Words with which people begin sentences every day. None of them can become a command of its own by configuration:
 * whoever writes "So" or "Wir" on the first line orders nothing.
 */
import { fold } from '../fold.ts';

const Lists: readonly string[] = [
  'i you he she it we they my your his her our their this that these those there here the a an',
  'and but or so if when while as because then also just well now today tomorrow yesterday maybe perhaps',
  'who what where why how which can could will would should may must do does did is are was were have has had',
  'in on at to from of by with about after before until not no yes hi hello dear please thanks ok',
  'soon later tonight bald später bientôt tard pronto tarde luego',
  'ich du er sie es wir ihr mein dein sein unser euer dies diese dieser dieses das der die den dem ein eine einen',
  'und aber oder also wenn falls während als weil dann auch nur jetzt heute morgen gestern vielleicht hier da',
  'wer was wo warum wie welche kann können könnte wird würde soll darf muss ist sind war waren habe hat haben hatte',
  'in an auf zu von aus mit über nach vor bis nicht nein ja hallo bitte danke',
  'je tu il elle on nous vous ils elles mon ton son notre votre leur ce cet cette ces ça le la les un une des',
  'et mais ou donc si quand comme parce alors aussi maintenant demain hier ici voici voilà',
  'qui que quoi où pourquoi comment quel quelle peut pouvez est sont était a ont avait dans sur à de du par avec',
  'après avant pas non oui bonjour merci',
  'yo tú él ella nosotros ellos ellas mi tu su nuestro este esta esto ese esa eso el la los las un una unos',
  'y pero o entonces si cuando como porque también ahora hoy mañana ayer quizás aquí',
  'quién qué dónde cómo cuál puede pueden es son está están era ha han había en sobre a de del por con',
  'después antes hasta no sí hola gracias',
];

export const Everyday: ReadonlySet<string> = new Set(Lists.flatMap((list) => list.split(' ')).map(fold));
