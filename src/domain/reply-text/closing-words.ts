/**
 * Words that end what a person wrote: closing formulas, the line that a phone adds, notices of a legal department,
 * and banners that a mail gateway puts above. Data only, in lower case; signature.ts says where they count.
 */

const list = (...rows: readonly string[]): readonly string[] => rows.flatMap((row) => row.split('|'));

/** A whole line of these, a comma or the like behind it; a name and little else follows. */
export const CLOSINGS = list(
  'regards|best regards|kind regards|warm regards|warmest regards|best|all the best|best wishes|many regards|kindest regards|with best regards',
  'with kind regards|sincerely|sincerely yours|yours sincerely|yours faithfully|yours truly|yours|cheers|cordially|respectfully|rgds|br|kr',
  'thanks and regards|thanks & regards|thank you and regards|thank you and best regards|thanks and best regards|warmly|take care',
  'mit freundlichen grüßen|mit freundlichen grüssen|mit freundlichem gruß|freundliche grüße|freundliche grüsse|viele grüße|viele grüsse|liebe grüße',
  'beste grüße|herzliche grüße|schöne grüße|grüße|gruß|lg|mfg|vg|hochachtungsvoll|mit besten grüßen|mit herzlichen grüßen',
  'cordialement|bien cordialement|très cordialement|sincères salutations|salutations|bien à vous|bien à toi|amicalement|cdlt|cdt|respectueusement',
  'saludos|un saludo|saludos cordiales|un cordial saludo|cordialmente|atentamente|atte|abrazos|un abrazo|reciba un cordial saludo',
  'cordiali saluti|distinti saluti|saluti|un saluto|un caro saluto|cari saluti|a presto',
  'met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|groet|groeten|groetjes|mvg|hartelijke groet',
  'atenciosamente|cumprimentos|com os melhores cumprimentos|melhores cumprimentos|abraço|abraços|um abraço|obrigado e cumprimentos|att',
  'pozdrawiam|z poważaniem|z wyrazami szacunku|pozdrowienia|serdecznie pozdrawiam|s pozdravem|s přátelským pozdravem|hezký den|s pozdravom',
  'med vänliga hälsningar|vänliga hälsningar|med vänlig hälsning|vänligen|mvh|hälsningar|med venlig hilsen|venlig hilsen|hilsen|vh|med vennlig hilsen|vennlig hilsen',
  'ystävällisin terveisin|terveisin|parhain terveisin|t.|yt|с уважением|всего доброго|с наилучшими пожеланиями|з повагою|üdvözlettel|tisztelettel',
  'saygılarımla|saygılar|iyi çalışmalar|sevgiler|cu stimă|cu respect|lijep pozdrav|srdačan pozdrav|s poštovanjem|με εκτίμηση|בברכה|مع التحية|敬具|此致|祝好|よろしくお願いします|以上|드림',
);
/** These are also what people say: they close a mail only with a name behind them. */
export const THANKS = list(
  'thanks|thank you|many thanks|thanks a lot|thx|thanks in advance|danke|vielen dank|besten dank|merci|merci beaucoup|gracias|muchas gracias',
  'grazie|mille grazie|grazie mille|bedankt|dank je|dank u|obrigado|obrigada|dziękuję|děkuji|tack|tak|takk|kiitos|спасибо|дякую|teşekkürler|köszönöm|mulțumesc|hvala',
);

/** How the line begins that a phone or an app adds: "Sent from my iPhone". */
export const DEVICE_BEGINS = list(
  'sent from|sent via|sent with|sent using|sent by|sent on the|get outlook for|get aol mail|yahoo mail:|mailed with|typed on|written on my',
  'gesendet von|gesendet mit|gesendet aus|gesendet über|von meinem|von meiner|diese nachricht wurde von|diese e-mail wurde von|holen sie sich outlook|hol dir outlook|outlook für',
  'envoyé de|envoyé depuis|envoyé à partir|envoyé avec|envoyé par|envoyé via|télécharger outlook|obtenez outlook|provenance :',
  'enviado desde|enviado de|enviado do|enviado com|enviado con|enviado via|enviado a partir|enviado pelo|enviado por|obtener outlook|obtenha o outlook|obter o outlook|obtenga outlook',
  'inviato da|inviato dal|inviato con|inviato tramite|scarica outlook|ottieni outlook|verstuurd vanaf|verstuurd met|verzonden vanaf|verzonden met|verzonden via|download outlook|outlook voor',
  'skickat från|skickat med|skickades från|hämta outlook|sendt fra|sendt via|sendt med|hent outlook|få outlook|wysłane z|wysłano z|pobierz outlook',
  'odesláno z|odesláno ze|odoslané z|odoslané zo|získejte outlook|lähetetty|hanki outlook|отправлено с|отправлено из|отправлено через|надіслано з|надіслано із|скачать outlook',
  "küldve az|iphone-ról küldve|elküldve|iphone'umdan gönderildi|telefonumdan gönderildi|ipad'imden gönderildi|outlook için|trimis de pe|trimis din|poslano s|poslano iz|saadetud minu",
  'στάλθηκε από|נשלח מ|أُرسلت من|đã gửi từ|dikirim dari|iphoneから送信|ipadから送信|androidから送信|從我的 iphone|从我的 iphone|发自我的|發自我的|我的 iphone|나의 iphone에서|내 iphone에서',
);
/** One of these must be on such a line, or a link: "sent from the office yesterday" is what a person writes. */
export const DEVICE_NAMES = list(
  'iphone|ipad|android|samsung|galaxy|blackberry|windows|outlook|mail|gmail|yahoo|proton|huawei|xiaomi|redmi|pixel|nokia|sony|xperia|htc|lg |moto|oneplus|oppo|vivo|honor',
  'wiko|zte|mobile|mobil|móvil|celular|cellulare|smartphone|phone|telefon|handy|tablet|spark|airmail|thunderbird|typeapp|bluemail|aquamail|k-9|fairemail|nine|mailbird|polymail|superhuman|newton|edison|tutanota|gmx|web.de|t-online|aol|hotmail|zoho|fastmail|front|hey|verizon|at&t|t-mobile|vodafone|telstra|my |meinem|mon |mi |meu |mio |mijn |min |moj|mojego|můj|mého|моего|minun',
);

/** How a paragraph begins that a legal department adds to every mail. */
export const DISCLAIMER_BEGINS = list(
  'this e-mail|this email|this message|this communication|this transmission|the information|the contents of this|the content of this|confidential|confidentiality|disclaimer|notice:|important notice|privileged|please consider the environment|please note that this|p please consider|save paper|think before you print|this mail|any views',
  'diese e-mail|diese mail|diese nachricht|der inhalt dieser|die information|vertraulichkeit|wichtiger hinweis|haftungsausschluss|denken sie an die umwelt|bitte denken sie an die umwelt|bitte prüfen sie',
  "ce message|ce courriel|cet e-mail|cet email|le contenu de ce|les informations contenues|avis de confidentialité|pensez à l'environnement|merci de penser à l'environnement",
  'este mensaje|este correo|la información contenida|aviso legal|aviso de confidencialidad|antes de imprimir|este e-mail|esta mensagem|este email|as informações|aviso de confidencialidade',
  'questo messaggio|questa e-mail|questa mail|le informazioni contenute|il presente messaggio|avviso di riservatezza|dit bericht|deze e-mail|de informatie|denk aan het milieu|aan dit bericht',
  'ta wiadomość|niniejsza wiadomość|tato zpráva|tento e-mail|det här meddelandet|detta meddelande|denne e-mail|denne meddelelse|denne e-posten|данное сообщение|это сообщение|настоящее сообщение|это электронное|bu e-posta|bu mesaj',
);
/** And what it then speaks of. */
export const DISCLAIMER_STEMS = list(
  'confidential|privileged|intended recipient|intended only|intended solely|unauthori|print|virus|liab|vertraulich|empfänger|unbefugt|drucken|ausdruck|haft',
  'confidentiel|destinataire|imprimer|confidencial|destinatari|imprimir|riservat|stampare|vertrouwelijk|geadresseerde|printen|poufn|adresat|důvěrn|konfidenti|fortrolig|mottagare|конфиденц|получател|gizli|alıcı',
);

/** What a gateway puts above the mail of outsiders: "CAUTION: This email originated from outside …". */
export const BANNER_BEGINS = list(
  "caution:|[external]|external email|external sender|external:|warning:|[extern]|this message was sent from outside|this email originated|you don't often get email from|some people who received this message don't often|this sender is|attention:|achtung:|vorsicht:|externe e-mail|[externe]|expéditeur externe|attenzione:|atención:|[ext]|caution -|extern:|ce courriel provient|sie erhalten nicht oft|vous ne recevez pas souvent|no suele recibir|non si ricevono spesso|u ontvangt niet vaak",
);
/** A banner speaks of one of these. */
export const BANNER_STEMS = list(
  "outside|external|extern|originated|learn why this is important|click|außerhalb|attachments|links|don't often|learnaboutsenderidentification|nicht oft|pas souvent|no suele|spesso|niet vaak",
);
