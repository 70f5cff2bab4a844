/**
 * How commands are written in German. `angenommen` also means "supposing" and `ich nehme an` "I suppose": the one
 * counts alone only, the other not at all.
 */
import type { Spellings } from './spellings.ts';

export const German: Spellings = {
  verbs: {
    accept: [
      ...['annehmen', 'angenommen', 'ich nehme es an', 'übernehme ich', 'ich übernehme', 'ich übernehme es'],
      ...['ich übernehme das', 'das übernehme ich', 'übernehme', 'übernommen', 'akzeptieren', 'akzeptiert'],
      ...['ich akzeptiere', 'ja', 'meins', 'mach ich', 'mache ich', 'ich mache das', 'ich mach das'],
      ...['ich kümmere mich', 'ich kümmere mich darum', 'bin dran', 'ich bin dran'],
    ],
    decline: ['ablehnen', 'abgelehnt', 'ich lehne ab', 'lehne ich ab', 'lehne ab', 'ich lehne es ab'],
    handoff: [
      ...['übergeben an', 'übergabe an', 'übergib an', 'bitte an', 'weitergeben an', 'weitergabe an'],
      ...['weiter an', 'abgeben an', 'gib es an', 'ich übergebe an', 'ich gebe es an', 'geht an'],
    ],
    take: ['nehmen', 'nehme ich', 'ich nehme es', 'ich nehme das'],
    'help-from': ['hilfe von', 'ich brauche hilfe von', 'brauche hilfe von'],
    ask: ['frage', 'frag', 'fragen', 'frage an', 'fragen an'],
    reply: ['antwort', 'antworten', 'antworte'],
    send: ['senden', 'absenden', 'abschicken', 'sende es'],
    note: ['notiz', 'vermerk', 'anmerkung'],
    done: [
      ...['erledigt', 'ist erledigt', 'das ist erledigt', 'alles erledigt', 'habe ich erledigt', 'fertig'],
      ...['abgeschlossen', 'ist abgeschlossen'],
    ],
    reopen: ['wieder öffnen', 'wiedereröffnen', 'erneut öffnen', 'wieder aufmachen'],
    snooze: ['zurückstellen', 'schlummern', 'wiedervorlage', 'auf wiedervorlage', 'pausieren', 'pause'],
    due: ['fällig', 'frist', 'fällig bis', 'frist bis'],
    remind: ['erinnern', 'erinnerung', 'erinnerung senden', 'nachhaken'],
    release: ['freigeben', 'freigabe', 'freigegeben'],
    add: ['hinzufügen', 'in kopie nehmen', 'in kopie'],
    split: ['aufteilen', 'teilen', 'trennen'],
    merge: ['zusammenführen mit', 'zusammenführen', 'zusammenlegen mit', 'verbinden mit'],
    for: ['für', 'im auftrag von'],
    spam: ['das ist spam', 'ist spam', 'werbung'],
    dismiss: ['verwerfen', 'verworfen'],
    retry: ['erneut versuchen', 'noch einmal versuchen', 'nochmal versuchen'],
    request: ['anfrage', 'als anfrage', 'ist eine anfrage'],
    status: ['status', 'stand der dinge'],
    mine: ['meine anfragen', 'meine liste', 'meine'],
    away: ['abwesend bis', 'weg bis', 'nicht da bis'],
    back: ['zurück', 'bin zurück', 'ich bin zurück', 'wieder da', 'bin wieder da', 'ich bin wieder da'],
    new: ['neu', 'neue anfrage'],
    'take-over': ['alle übernehmen', 'alles übernehmen'],
    help: ['hilfe'],
  },
  bareOnly: [
    ...['ja', 'meins', 'angenommen', 'mach ich', 'mache ich', 'ich mache das', 'ich mach das'],
    ...['ich kümmere mich', 'ich kümmere mich darum', 'bin dran', 'ich bin dran', 'nehmen', 'nehme ich'],
    ...['ich nehme es', 'ich nehme das', 'werbung', 'teilen'],
  ],
  polite: [
    ...['bitte', 'danke', 'danke schön', 'vielen dank', 'besten dank', 'herzlichen dank', 'gern', 'gerne'],
    ...['ja', 'ja gern', 'ja gerne', 'klar', 'alles klar', 'in ordnung', 'sehr gern', 'gut', 'okay', 'ok'],
    ...['kein problem', 'natürlich', 'leider', 'tut mir leid', 'entschuldigung', 'super', 'prima', 'gruß'],
    ...['grüße', 'viele grüße', 'liebe grüße', 'beste grüße', 'mfg', 'lg', 'vg'],
  ],
  greetings: [
    ...['hallo', 'guten tag', 'guten morgen', 'guten abend', 'moin', 'servus', 'grüß gott', 'grüezi'],
    ...['liebe', 'lieber', 'tag', 'hallo zusammen'],
  ],
  closings: [
    ...['danke', 'vielen dank', 'gruß', 'grüße', 'viele grüße', 'liebe grüße', 'beste grüße', 'schöne grüße'],
    ...['mit freundlichen grüßen', 'freundliche grüße', 'mfg', 'lg', 'vg', 'herzliche grüße'],
  ],
  covers: [
    'vertretung',
    'vertreten durch',
    'vertreten von',
    'vertretung durch',
    'vertretung ist',
    'in vertretung',
  ],
  conditions: ['wenn', 'falls', 'sobald', 'sofern', 'nur wenn', 'außer'],
  reservations: ['aber', 'nicht', 'nur', 'jedoch', 'außer', 'kein', 'keine', 'stattdessen', 'allerdings'],
  takenBack: ['nicht', 'noch nicht', 'nicht ganz', 'nein', 'fast', 'oder nicht', 'oder doch nicht'],
  alternatives: ['oder', 'und', 'und dann', 'dann', 'bis'],
  hints: {
    nein: 'decline',
    'nein danke': 'decline',
    klar: 'accept',
    gerne: 'accept',
    gern: 'accept',
    'geht klar': 'accept',
    gelöst: 'done',
    geschlossen: 'done',
    weiterleiten: 'handoff',
    kommentar: 'note',
  },
  reactions: [
    'hat auf ihre nachricht reagiert',
    'hat auf deine nachricht reagiert',
    'hat über gmail reagiert',
  ],
};
