/** The closed list of words for points in time, in the languages that members write; see when.ts for how they combine. */
import { type Phrases, phrasesOf } from './phrases.ts';
import type { When } from './when.ts';

type Day = (When & { readonly type: 'date' })['day'];

export type TimeWord =
  /** `span` words make hours a length of time: "dans 3 heures" lasts, "à 3 heures" is a time. */
  | { readonly is: 'filler'; readonly span: boolean }
  | { readonly is: 'day'; readonly day: Day }
  | { readonly is: 'weekday'; readonly weekday: number }
  | { readonly is: 'month'; readonly month: number }
  | { readonly is: 'next' }
  | { readonly is: 'this' }
  /** Behind a weekday: "mardi prochain". */
  | { readonly is: 'coming' }
  | { readonly is: 'of' }
  | { readonly is: 'number'; readonly value: number }
  /** `clock`: the word also stands in times of day, "15 heures". */
  | { readonly is: 'unit'; readonly unit: Unit; readonly clock: boolean }
  | { readonly is: 'time'; readonly hour: number };

export type Unit = 'minute' | 'hour' | 'day' | 'week' | 'working-day';

/** `may` is a month, `mar` is March and no mardi, and `sam`, `so`, `do`, `mi` are left out: they are other words too. */
const Weekdays: readonly string[] = [
  'monday mon montag lundi lun lunes',
  'tuesday tue tues dienstag mardi martes',
  'wednesday wed mittwoch mercredi mer miércoles mié',
  'thursday thu thur thurs donnerstag jeudi jeu jueves jue',
  'friday fri freitag vendredi ven viernes vie',
  'saturday sat samstag sonnabend samedi sábado sáb',
  'sunday sun sonntag dimanche dim domingo dom',
];

const Months: readonly string[] = [
  'january jan januar jänner janvier janv enero ene',
  'february feb februar février févr fév febrero',
  'march mar märz mrz mars marzo',
  'april apr avril avr abril abr',
  'may mai mayo',
  'june jun juni juin junio',
  'july jul juli juillet juil julio',
  'august aug août agosto ago',
  'september sep sept septembre septiembre',
  'october oct oktober okt octobre octubre',
  'november nov novembre noviembre',
  'december dec dezember dez décembre déc diciembre dic',
];

const Numbers: readonly string[] = [
  'a an one ein eine einem einer un une uno una',
  'two zwei deux dos',
  'three drei trois tres',
  'four vier quatre cuatro',
  'five fünf cinq cinco',
  'six sechs seis',
  'seven sieben sept siete',
  'eight acht huit ocho',
  'nine neun neuf nueve',
  'ten zehn dix diez',
];

const phrases = (list: string, value: TimeWord): (readonly [string, TimeWord])[] =>
  list.split(',').map((phrase) => [phrase.trim(), value]);
const words = (list: string, value: TimeWord): (readonly [string, TimeWord])[] =>
  list.split(' ').map((word) => [word, value]);

const filler: TimeWord = { is: 'filler', span: false };
const span: TimeWord = { is: 'filler', span: true };
const inDays = (days: number): TimeWord => ({ is: 'day', day: { type: 'in-days', days } });
const endOf = (unit: 'day' | 'week' | 'month'): TimeWord => ({ is: 'day', day: { type: 'end-of', unit } });
const unit = (name: Unit, clock = false): TimeWord => ({ is: 'unit', unit: name, clock });
const time = (hour: number): TimeWord => ({ is: 'time', hour });

/** `sept` is seven in French and September in English: a number only where a unit follows. */
export const Counts: Phrases<TimeWord> = phrasesOf(
  Numbers.flatMap((list, at) => words(list, { is: 'number', value: at + 1 })),
);

export const TimeWords: Phrases<TimeWord> = phrasesOf([
  ...phrases(
    'until, till, by, on, at, the, bis, bis zum, bis zu, am, um, den, dem, der, zum, ab, vor',
    filler,
  ),
  ...phrases("jusqu'à, jusqu'au, jusque, à, au, le, la, avant, d'ici, pour, vers", filler),
  ...phrases('hasta, hasta el, hasta la, el, al, a las, a la, a, para el, antes del', filler),
  ...phrases('in, for, within, für, dans, pendant, en, dentro de, durante', span),
  ...phrases('today, heute, hoy', inDays(0)),
  ...phrases("aujourd'hui, ce jour", inDays(0)),
  ...phrases('tomorrow, tmrw, morgen, demain, mañana', inDays(1)),
  ...phrases('day after tomorrow, übermorgen, après-demain, après demain, pasado mañana', inDays(2)),
  ...phrases('end of day, end of the day, eod, close of business, feierabend, ende des tages', endOf('day')),
  ...phrases('fin de journée, la fin de la journée, final del día, fin del día', endOf('day')),
  ...phrases('end of week, end of the week, end of this week, eow, ende der woche', endOf('week')),
  ...phrases('ende dieser woche, fin de semaine, fin de la semaine, la fin de la semaine', endOf('week')),
  ...phrases('final de la semana, final de semana, fin de la semana', endOf('week')),
  ...phrases('end of month, end of the month, monatsende, ende des monats, fin du mois', endOf('month')),
  ...phrases('fin de mois, la fin du mois, fin de mes, final de mes, fin del mes', endOf('month')),
  ...phrases('next week, nächste woche, nächster woche, la semaine prochaine, semaine prochaine', {
    is: 'day',
    day: { type: 'weekday', weekday: 1, next: true },
  }),
  ...phrases('la próxima semana, próxima semana, la semana que viene, la semana próxima', {
    is: 'day',
    day: { type: 'weekday', weekday: 1, next: true },
  }),
  ...Weekdays.flatMap((list, at) => words(list, { is: 'weekday', weekday: at + 1 })),
  ...Months.flatMap((list, at) => words(list, { is: 'month', month: at + 1 })),
  ...phrases('next, nächsten, nächster, nächste, kommenden, kommender, próximo, el próximo', { is: 'next' }),
  ...phrases('this, this coming, coming, diesen, dieser, diese, ce, este', { is: 'this' }),
  ...phrases('prochain, prochaine, próximo, que viene, nächster woche, nächste woche', { is: 'coming' }),
  ...phrases('of, de, du, del', { is: 'of' }),
  ...words('minute minutes min mins minuten minuto minutos', unit('minute')),
  ...words('hour hours hr hrs stunde stunden', unit('hour')),
  ...words('heure heures hora horas', unit('hour', true)),
  ...words('day days tag tage tagen jour jours día días', unit('day')),
  ...words('week weeks woche wochen semaine semaines semana semanas', unit('week')),
  ...phrases(
    'working day, working days, business day, business days, workday, workdays',
    unit('working-day'),
  ),
  ...phrases('arbeitstag, arbeitstage, arbeitstagen, werktag, werktage, werktagen', unit('working-day')),
  ...phrases('jour ouvré, jours ouvrés, jour ouvrable, jours ouvrables', unit('working-day')),
  ...phrases('día laborable, días laborables, día hábil, días hábiles', unit('working-day')),
  ...phrases('noon, midday, mittag, midi, mediodía, mittags', time(12)),
  ...phrases('morning, in the morning, this morning, früh, vormittag, vormittags, matin, le matin', time(9)),
  ...phrases('por la mañana, de la mañana', time(9)),
  ...phrases('afternoon, in the afternoon, nachmittag, nachmittags, après-midi, por la tarde', time(14)),
  ...phrases('evening, in the evening, tonight, abend, abends, soir, le soir, por la noche', time(18)),
]);
