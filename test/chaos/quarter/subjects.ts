/**
 * What tenants write to a property manager, by what it is about: sentences with gaps, in English and German.
 * `{a|b}` is one of several; nested nowhere, so that a reader sees every sentence that can come of it.
 */

/** What a mail is about, whatever the configuration calls it and whoever has it at the time. */
export type Topic =
  | 'heating'
  | 'water'
  | 'heat-pump'
  | 'invoice'
  | 'deposit'
  | 'moving'
  | 'keys'
  | 'noise'
  | 'charging'
  | 'unheard-of';

type Sentences = { readonly subjects: readonly string[]; readonly says: readonly string[] };

export const English: Readonly<Record<Topic, Sentences>> = {
  heating: {
    subjects: [
      '{heating|radiator} {cold|not working}',
      'no heat',
      'radiator in the {bedroom|kitchen}',
      'cold flat',
    ],
    says: [
      'the {radiator|heating} in the {bedroom|kitchen|bathroom|hall} {stays cold|is cold|does nothing} since {Monday|Friday|last night}',
      'it is {15|16|17} degrees in here and the {thermostat|valve} {makes a clicking sound|does not turn}',
      'can somebody {bleed the radiators|look at the boiler}, it {gurgles|bangs} at night',
      'we have {no warm water|no hot water} in the {shower|whole flat}',
    ],
  },
  water: {
    subjects: ['{damp|wet} wall', 'dripping {tap|pipe}', 'blocked {drain|sink}', 'toilet'],
    says: [
      'the {sink|drain|shower} is {blocked|clogged} and {it smells|water comes up}',
      'there is a {damp|wet|dark} patch on the {ceiling|wall} of the {bathroom|bedroom} and it grows',
      'the {tap|toilet|pipe under the sink} {drips|runs} all night',
      'water {comes through the ceiling|stands on the floor} of the {laundry room|cellar}',
    ],
  },
  'heat-pump': {
    subjects: ['heat pump {app|error}', 'error {E41|E17} on the panel', 'new {panel|control} in the hall'],
    says: [
      'the {heat pump|outdoor unit} shows error {E41|E17|F3} and {the app says offline|stops every hour}',
      'the new {wall panel|room control} {cannot be set above 19|loses its schedule}',
      'the {outdoor unit|compressor} {hums|vibrates} so that we cannot sleep',
    ],
  },
  invoice: {
    subjects: [
      '{annual|yearly} statement',
      'question about {the bill|my rent|the service charge}',
      'payment',
    ],
    says: [
      'the {service charge|annual statement} lists {the lift|garden work|cleaning} twice',
      'my rent for {March|April|May} was {debited|taken} two times',
      'please send me {a receipt|a copy of the statement} for {my tax return|the job centre}',
      'I {paid|transferred} the {rent|rest} on the {3rd|5th} and still got a reminder',
    ],
  },
  deposit: {
    subjects: ['{my|our} deposit', 'deposit {back|account}', 'when do I get my deposit'],
    says: [
      'we moved out {six|eight} weeks ago, when is the deposit {paid back|returned}',
      'which account does the deposit of {two|three} months go to',
      'you {kept|held back} {200|350} euros of the deposit for {the walls|the floor}, why',
    ],
  },
  moving: {
    subjects: ['moving {out|in}', '{ending|change of} the lease', 'new flatmate'],
    says: [
      'I {would like to|have to} {give notice|end the lease} by the end of {May|June|July}',
      'my {partner|sister} moves in, {does the lease change|do you need papers}',
      'when can we {see the flat|get the keys handed over} before we move in',
      'may I sublet {a room|the flat} from {June|August} on',
    ],
  },
  keys: {
    subjects: ['lost {key|fob}', '{second|another} key', 'name on the {bell|letter box}'],
    says: [
      'I lost {the front door key|the fob for the garage} {on the bus|yesterday}, what does a new one cost',
      'we need {a second|one more} key for {the cellar|the letter box}',
      'please change the name on the {bell|letter box} to {Novak|Keller|Ortega}',
    ],
  },
  noise: {
    subjects: ['{noise|smoke} from the neighbours', 'rubbish in the {yard|stairs}', 'bikes in the hall'],
    says: [
      'the people {above us|next door} {have parties|drill} until two in the morning',
      'somebody leaves {rubbish|old furniture} {in the stairwell|beside the bins} every week',
      'there is {smoke|a smell of cooking} from the {flat below|balcony under us} all day',
    ],
  },
  charging: {
    subjects: ['charging {point|box} in the garage', 'electric car', 'wallbox'],
    says: [
      'may I have a {charging point|wallbox} at my {parking space|garage bay}',
      'the {charger|wallbox} in bay {12|31|7} {does not start|blinks red} when I {plug in the car|hold up the card}',
      'who pays for the {electricity|meter} of the charging points',
    ],
  },
  'unheard-of': {
    subjects: ['a {question|request}', 'interview', 'offer', 'lost cat'],
    says: [
      'I write for the {local paper|school magazine} and would like to {interview you|take photographs of the house}',
      'have you seen a {grey|black} cat near number {4|9|12}',
      'our firm {cleans windows|prints signs|plants roofs} and would like to {make you an offer|present itself}',
      'may the {choir|sports club} use the {yard|meeting room} on {Saturday|the 21st}',
    ],
  },
};

export const German: Readonly<Record<Topic, Sentences>> = {
  heating: {
    subjects: ['{Heizung|Heizkörper} kalt', 'keine Wärme'],
    says: [
      'der Heizkörper im {Bad|Schlafzimmer|Flur} {bleibt kalt|wird nicht warm} seit {Montag|gestern}',
      'wir haben {kein warmes Wasser|nur 16 Grad} in der Wohnung, das {Thermostat|Ventil} klemmt',
    ],
  },
  water: {
    subjects: ['{Abfluss|Waschbecken} verstopft', 'nasse Wand'],
    says: [
      'der Abfluss in der {Küche|Dusche} ist {verstopft|zu} und es riecht',
      'an der {Decke|Wand} im Bad ist ein {nasser|dunkler} Fleck, der größer wird',
    ],
  },
  'heat-pump': {
    subjects: ['Wärmepumpe {Fehler|App}', 'Fehler {E41|E17}'],
    says: [
      'die Wärmepumpe zeigt Fehler {E41|E17} und die App ist offline',
      'das neue {Bedienteil|Raumgerät} lässt sich nicht über 19 Grad stellen',
    ],
  },
  invoice: {
    subjects: ['Nebenkostenabrechnung', 'Frage zur {Miete|Rechnung}'],
    says: [
      'in der Nebenkostenabrechnung steht {der Aufzug|die Reinigung} doppelt',
      'die Miete für {März|April} wurde zweimal abgebucht',
    ],
  },
  deposit: {
    subjects: ['Kaution', 'Rückzahlung der Kaution'],
    says: [
      'wir sind vor {sechs|acht} Wochen ausgezogen, wann kommt die Kaution zurück',
      'auf welches Konto geht die Kaution von {zwei|drei} Mieten',
    ],
  },
  moving: {
    subjects: ['Kündigung', 'Einzug', 'Untermiete'],
    says: [
      'ich möchte zum Ende {Mai|Juni} kündigen, reicht eine Mail',
      'meine {Freundin|Schwester} zieht ein, ändert sich der Vertrag',
    ],
  },
  keys: {
    subjects: ['Schlüssel verloren', 'Name am Klingelschild'],
    says: [
      'ich habe {den Haustürschlüssel|den Sender für die Garage} verloren, was kostet ein neuer',
      'bitte ändern Sie den Namen am {Klingelschild|Briefkasten}',
    ],
  },
  noise: {
    subjects: ['Lärm', 'Müll im Hof'],
    says: [
      'die Nachbarn {über uns|nebenan} feiern bis zwei Uhr morgens',
      'jemand stellt jede Woche {Müll|alte Möbel} {ins Treppenhaus|neben die Tonnen}',
    ],
  },
  charging: {
    subjects: ['Wallbox', 'Ladepunkt in der Garage'],
    says: [
      'darf ich eine Wallbox an meinem Stellplatz {einbauen|bekommen}',
      'der Ladepunkt an Platz {12|31} {startet nicht|blinkt rot}',
    ],
  },
  'unheard-of': {
    subjects: ['eine Frage', 'Angebot', 'Katze entlaufen'],
    says: [
      'haben Sie eine {graue|schwarze} Katze bei Nummer {4|9} gesehen',
      'unsere Firma {putzt Fenster|druckt Schilder} und würde sich gern vorstellen',
    ],
  },
};
