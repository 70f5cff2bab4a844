/**
 * The words with which mail programs announce what they quote or forward, language by language. Data only: what a
 * line must have besides such a word stands in quote-markers.ts.
 *
 * All in lower case, as Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, Samsung, Proton and the large national
 * services print them.
 */

const list = (...rows: readonly string[]): readonly string[] => rows.flatMap((row) => row.split('|'));

/** "wrote": what an attribution line says of the person whom it names. */
export const SAID = list(
  'wrote|writes|said|quoting|zitat von|zitiere|citando a|citando|citation de|citat från|citaat van|cytuję|schrieb|schreibt|geschrieben|a écrit|a ecrit|écrit|escribió|escribio|escribe',
  'ha scritto|scrisse|scrive|schreef|schrijft|geschreven|escreveu|escreve|skrev|skriver',
  'napisał|napisała|napisał(a)|napisali|pisze|napsal|napsala|napsal(a)|napísal|napísala|napísal(a)',
  'kirjoitti|kirjoittaa|пишет|написал|написала|написал(а)|писал|писала|пише|написав|написала|написав(-ла)',
  'írta|írja|a scris|scrie|yazdı|yazmış|şunu yazdı|şunları yazdı|ha escrit|va escriure',
  'je napisao|je napisala|je napisao/la|napisao je|napisala je|je napisao(la)|је написао|је написала|je napisal',
  'kirjutas|rakstīja|parašė|rašė|έγραψε|έγραψαν|написа|כתב|כתבה|كتب/كتبت|je napisao/la|napisao/la je|је написао/ла|כתב/ה|כתב\u200f|كتب|كتبت|نوشت',
  'ने लिखा|เขียนว่า|đã viết|menulis|wrote the following|scríobh|idatzi du|ysgrifennodd|skrifaði',
);
/** The same where words are written without spaces between them. */
export const SAID_UNSPACED = list(
  '写道|寫道|来信|のメール|書きました|書いた|님이 작성|님이 작성했습니다|작성|쓴 글',
);

/** What an attribution may begin with: "on", a weekday, a word for a date. */
export const BEGINS = list(
  'on|at|am|um|le|el|il|il giorno|op|em|no dia|den|d.|dne|dňa|dnia|w dniu|på|il|a|la|pe|la data|data|în data de',
  'la data de|vào|vào lúc|pada|στις|на|у|в|no|em|o|le|tarihinde|dana|u|ke|ma|ti|to|pe|la|su|2|ב-|בתאריך|في|在|於|于',
  'mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday',
  'mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|lunes|martes|miércoles|jueves|viernes|sábado|domingo',
  'gio|sab|dom|ma|wo|za|zo|seg|ter|qua|qui|sex|sáb|mån|tis|ons|tors|fre|lör|sön|man|tir|tor|lør|søn',
  'pon|wt|śr|czw|pt|sob|niedz|po|út|st|čt|pá|ne|пн|вт|ср|чт|пт|сб|вс|нд|pzt|sal|çar|per|cum|cmt|paz|hét|kedd|sze|csüt|szo|vas',
);

/** Beginnings of month names of four letters and more, and short ones where they are printed so. */
export const MONTHS = list(
  'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|mars|avr|juin|juil|août|déc',
  'ene|abr|ago|dic|gen|mag|giu|lug|set|ott|mrt|mei|maa|fev|out|maj|paź|sty|lut|kwi|cze|lip|sie|wrz|lis|gru',
  'led|úno|bře|dub|kvě|čvn|čvc|srp|zář|říj|pro|tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu',
  'янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру',
  'oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara|ian|iun|iul|noi|márc|ápr|máj|jún|júl|szept|siječ|velj|ožuj|trav|svib|srp|kolo|ruj|listop|stud|pros',
  'ιαν|φεβ|μαρ|απρ|μαΐ|ιουν|ιουλ|αυγ|σεπ|οκτ|νοε|δεκ|ינו|פבר|מרץ|אפר|מאי|יוני|יולי|אוג|ספט|אוק|נוב|דצמ',
);

/** What the part between dashes calls a mail: "-------- Original Message --------". */
export const MAIL_NOUNS = list(
  'message|e-mail|email|mail|nachricht|courriel|mensaje|correo|messaggio|bericht|mensagem|meddelande|meddelelse|mejl',
  'melding|besked|e-post|wiadomość|wiadomości|zpráva|zprávy|správa|správy|viesti|viestin|сообщение|сообщения|письмо|письма',
  'повідомлення|лист|листа|üzenet|levél|mesaj|mesajul|ileti|e-posta|poruka|poruku|kiri|sõnum|ziņojums|laiškas|μήνυμα|съобщение',
  'missatge|הודעה|رسالة|tin nhắn|thư|pesan|appointment|termin|vestlus|sporočilo',
);
export const MAIL_NOUNS_UNSPACED = list(
  '邮件|郵件|信件|メール|メッセージ|메시지|메일|ข้อความ|संदेश|原始|転送|转发|轉寄',
);

/** Says that a mail was answered: needed beside the noun where there are no dashes around them. */
export const ORIGINAL_STEMS = list(
  'original|ursprüngl|urspr.|antwort|oorspronkelijk|ursprungl|opprinnelig|oprindelig|oryginaln|původní|pôvodn|alkuperäi',
  "исходн|оригинал|вихідн|eredeti|özgün|orijinal|izvorn|inițial|algne|oriģināl|αρχικ|המקורית|الأصلية|gốc|asli|reply|原始|原邮件|原郵件|元のメッセージ|원본|d’origine|d'origine",
);

/** Says that a mail was passed on. */
export const FORWARD_STEMS = list(
  'forward|weitergeleit|transfér|transmis|réexpéd|fait suivre|reenvi|rencaminh|reencaminh|encaminh|inoltrat|doorgestuurd',
  'vidarebefordra|videresend|przekaz|przesłan|přeposl|přeposíl|preposl|preposiel|pereslan|пересыл|переслан|пересил|переадрес|перенаправ',
  'proslij|prosled|posredov|továbbít|redirecțion|redirection|transmis|iletil|ileti başlangıcı|yönlendir|välitet|edelleenläh',
  'edastat|pārsūt|persiųst|προωθ|препратен|препращ|הועבר|מועבר|إعادة توجيه|محولة|chuyển tiếp|diteruskan|reenviat',
  '转发|轉寄|転送|전달|ส่งต่อ|अग्रेषित',
);

export type LabelKind = 'from' | 'date' | 'to' | 'subject' | 'cc' | 'reply-to' | 'attachments';

/** What stands before the colon in a header block. */
export const LABELS: Readonly<Record<LabelKind, readonly string[]>> = {
  from: list(
    'from|von|absender|de|de la|da|van|från|fra|od|odesílatel|odosielateľ|nadawca|от|от кого|отправитель|від|від кого|відправник',
    'lähettäjä|expéditeur|remitente|mittente|feladó|kimden|gönderen|šalje|pošiljatelj|saatja|no kā|nuo|από|מאת|من|expeditor|expeditorul',
    'från|avsändare|प्रेषक|no|afsender|avsender|remetente|afzender|từ|người gửi|dari|จาก|发件人|寄件者|寄件人|差出人|送信元|送信者|보낸 사람|보낸사람|보낸이|发信人|de part de',
  ),
  date: list(
    'sent|date|gesendet|datum|gesendet am|envoyé|envoyé le|envoyé par|enviado|enviada|enviada em|enviado el|enviado em|fecha|inviato|data|verzonden|verzonden op',
    'skickat|sendt|dato|wysłano|wysłane|изпратено|išsiųsta|nosūtīts|enviat|भेजा गया|ส่ง|تم الإرسال|trimis la|дата|отправлено|надіслано|дата відправлення|odesláno|odoslané|dátum|lähetetty|päivämäärä|päiväys',
    'elküldve|küldve|tarih|gönderme tarihi|gönderildi|trimis|dată|poslano|datums|saadetud|kuupäev|στάλθηκε|ημερομηνία|תאריך|נשלח|التاريخ|تاريخ الإرسال',
    "ngày|đã gửi|tanggal|dikirim|วันที่|message du|date d'envoi|发送时间|發送時間|寄件日期|日期|时间|送信日時|日時|日付|날짜|보낸 날짜|보낸날짜|보낸 시간",
  ),
  to: list(
    'to|an|empfänger|à|a|para|aan|till|til|do|adresat|adressaat|per a|до|प्रति|komu|кому|получатель|pour|destinataire|destinatario|vastaanottaja|címzett|kime|alıcı|prima|za',
    'către|destinatarul|destinatar|pre|saaja|kam|kam:|kam|προς|אל|إلى|đến|tới|kepada|ถึง|收件人|收件者|宛先|送信先|받는 사람|받는사람|받는이|mottagare|modtager',
  ),
  subject: list(
    'subject|betreff|objet|sujet|asunto|oggetto|onderwerp|assunto|ämne|emne|temat|předmět|predmet|тема|aihe|tárgy|konu|subiect|subiectul|naslov|teema|zadeva|विषय|относно',
    'tēma|tema|θέμα|נושא|الموضوع|chủ đề|tiêu đề|subjek|perihal|หัวเรื่อง|เรื่อง|主题|主旨|標題|件名|제목|относно|assumpte',
  ),
  cc: list(
    'cc|bcc|kopie|kopie (cc)|copie|copie à|copia|kopia|kopi|kópia|копия|копія|kopio|másolat|másolatot kap|bilgi|dw|udw|cópia|koopia|κοιν.|עותק|نسخة',
    'kopija|copie la|đồng gửi|tembusan|สำเนา|抄送|副本|参照|참조',
  ),
  'reply-to': list(
    'reply-to|reply to|antwort an|répondre à|responder a|responder para|rispondi a|antwoord aan|odpowiedz do',
    '返信先|回复|回覆|svar til|svara till',
  ),
  attachments: list(
    'attachments|attachment|anlagen|anhang|pièces jointes|adjuntos|datos adjuntos|allegati|bijlagen|anexos|bilagor|vedlegg|vedhæftede filer',
    'załączniki|importance|priority|wichtigkeit|priorität|importancia|importance|vigtighed|mailed-by|signed-by|organization|message-id',
  ),
};
