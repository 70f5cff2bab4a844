/**
 * What mail systems write when they cannot deliver, and the reason that it means. From the sources and manuals of
 * the systems themselves and from their notices in the languages they are sent in. The first row that matches
 * decides, so the rows go from what is told most exactly to what is told about everything.
 *
 * A phrase is plain text; `*` stands for up to 60 characters. Addresses are taken out first, so that an address
 * such as `blocked@…` says nothing. Time is linear in the text, which is cut at TEXT_MAX.
 */
import type { FailureReason } from './delivery-failure.ts';

const TEXT_MAX = 4_000;
const GAP_MAX = 60;

/** The parts between the `*` of a phrase. */
type Phrase = readonly string[];
type Rows = readonly (readonly [FailureReason, readonly Phrase[]])[];

/** Of a list with `|` between its phrases; `_` at an end is a space. */
const phrases = (list: string): readonly Phrase[] =>
  list
    .split('|')
    .map((phrase) => phrase.replace(/\s+/g, ' ').trim().replace(/^_|_$/g, ' '))
    .filter((phrase) => phrase !== '')
    .map((phrase) => phrase.split(/ ?\* ?/));

/** Reasons and the phrases that mean them, in the order in which they are tried. */
const WORDS: Rows = [
  // Told apart first, because they hold words of rows below.
  ['user-unknown', phrases(`not listed in | recipient address rejected: access denied`)],
  ['host-unknown', phrases('account or domain may not exist')],
  ['system', phrases("procmail | couldn't create")],
  ['blocked', phrases('my name was rejected')],
  [
    'refused',
    phrases(`
      may not have permission | groups.google.com | permission to post | グループ*権限 | không có quyền | berechtigt*gruppe |
      グループ*投稿 | 群组*权限 | 网上论坛 | 群組*權限 |`),
  ],
  [
    'network',
    phrases(`
      name server reply | hop count | too many hops | mail loop | try again * name service | name service error * try again | host not found, try again |
      domain lookup failed temporarily | dns * soft error | temporary * dns | temporary lookup failure |
      temporarily unable to resolve | dns server returned answer with no data * temporary |`),
  ],
  [
    'relaying',
    phrases(`
      relay access denied | relaying denied | relaying * prohibited | not permitted to relay |
      relay not permitted | unable to relay | cannot relay | no relaying | relay denied |
      relaying not allowed | relaying is not | do not relay | not relay | relay * prohibited | rcpthosts |
      open relay |`),
  ],
  [
    'rate-limited',
    phrases(`
      sending quota | sending limit | sending rate | rate limit | ratelimit | rate that | rate has been |
      rate exceeded | throttl | too many | too fast | unusual rate | limit on the number |
      limit * per hour | limit * per day | message rate | connection rate | excessive rate | zu viele |
      trop de | demasiados | muitos destinat | troppi | te veel | zbyt wiele |`),
  ],
  [
    'rejected',
    phrases(`
      sender address rejected | sender rejected | sender denied | sender verify | sender verification |
      sender address * verif | sender * blacklist | sender domain | domain of sender |
      domain of the sender | sender's domain | sending domain | sender * not exist | sender * rejected |
      sender * denied | invalid sender | bad sender | unknown sender | mail from * rejected |
      mail from * not allowed | mail from * denied | from address * not | return path * not |
      unresolvable sender | absender * abgelehnt | expéditeur * refus | expéditeur * rejet |
      remitente * rechaz | remetente * rejeit | mittente * rifiut | afzender * geweigerd | nadawc * odrzuc |`),
  ],
  [
    'authentication',
    phrases(`
      dmarc | dkim | _spf | (spf | sender policy framework | unauthenticated email | unauthenticated mail |
      unauthenticated message | email authentication | not authenticated | authentication check |
      pass authentication | unable to authenticate the |`),
  ],
  [
    'blocked',
    phrases(`
      spamhaus | spamcop | barracudacentral | sorbs | blacklist | black list | blocklist | block list |
      blocked list | _rbl | dnsbl | blocked using | banned | blocked by | listed in | listed at | listed on |
      listed by | on our list | client host | _ip * blocked | _ip * banned | _ip * reject | _ip * denied |
      _ip * block | ip address of your | your ip | your server | your host | your mail server |
      your network | server * blocked | hosts * refused | poor reputation | bad reputation |
      low reputation | reputation | ptr | reverse dns | reverse mapping | reverse * lookup | reverse-dns |
      rdns | dynamic ip | dynamic address | dynamic pool | residential | unverifyable sending |
      cannot find your hostname | hostname * resolve | helo command rejected | bad helo | invalid helo |
      connection * refused by policy | access from ip | no access from mail server |
      mail server * not allowed |`),
  ],
  [
    'virus',
    phrases(`
      virus | malware | infected | trojan | ウイルス | ウィルス | 病毒 | 바이러스 | schadsoftware | schadprogramm |`),
  ],
  [
    'mailbox-full',
    phrases(`
      mailbox full | mailbox is full | mailbox is currently full | mailbox was full | mailbox * full |
      mailfolder is full | folder is full | inbox is full | inbox * full | account is full |
      account * full | over quota | overquota | over-quota | over the quota | over its quota |
      over his quota | over * quota | quota exceeded | quota * exceeded | exceeded * quota |
      exceeds * quota | exceed * quota | exceeding * quota | quota violation | out of quota |
      quota is full | not enough quota | insufficient quota | exceeded * storage | exceeds * storage |
      exceeded storage allocation | storage limit | storage space | storage * exceeded | out of storage |
      mailbox exceeds | mailbox exceeded | mailbox * exceeded | mailbox size limit | mailbox * limit |
      exceeds allowed size | size exceeds * allowed quota | too much mail | too many messages in |
      maximum number of messages | number of messages * exceeded | mail box full | mail box * full |
      disk quota | userspace | no space * mailbox | allocated space | postfach * voll | mailbox * voll |
      postfach * überfüllt | speicherplatz | kontingent | boîte * pleine | boite * pleine |
      boîte * saturée | quota * dépassé | buzón * lleno | buzón * completo | casilla * llena |
      cuota * exced | bandeja * llena | caixa * cheia | caixa * lotada | cota * exced | casella * piena |
      quota * superata | mailbox * vol_ | postvak * vol | skrzynka * pełna | skrzynka * przepełn |
      przepełniona | メールボックス*一杯 | メールボックス*いっぱい | メールボックス*満杯 | メールボックス*容量 | 受信箱*一杯 | 受信ボックス*いっぱい | 保存容量 |
      容量*超 | 邮箱*满 | 信箱*滿 | 邮箱空间 | 容量已满 | 空间不足 | 메일함*가득 | 편지함*가득 | 사서함*가득 | 용량*초과 | переполнен |
      kutusu dolu | schránka * plná | brevlådan är full | postkassen er fuld | postilaatikko on täynnä |
      postafiók megtelt |`),
  ],
  [
    'too-large',
    phrases(`
      message too large | message is too large | message * too large | too large | message too big |
      too big | message size | mail size limit | size limit | maximum * size | maximum message |
      exceeds * size | exceeds the maximum | exceeds maximum | larger than | length exceeds | file too big |
      zu groß | zu gross | trop volumineu | trop grand | trop gros | demasiado grande | muito grande |
      troppo grande | te groot | zbyt duż | za duż | サイズ*大き | サイズ*超 | サイズ制限 | 太大 | 过大 | 過大 | 超过*大小 | 너무 큽 |
      크기*초과 | слишком больш |`),
  ],
  [
    'moved',
    phrases(`
      has moved | have moved | was moved to | moved to | address has changed | address * changed to |
      has been replaced by | please update your address book | new address is |`),
  ],
  [
    'not-accepting',
    phrases(`
      does not accept mail | does not accept any mail | does not accept email | does not receive mail |
      doesn't accept mail | doesn't accept email | doesn't receive mail | not accept mail for |
      not accepting mail | accepts no mail | null mx | nullmx | indicated no smtp service | no smtp service | host does not receive |
      smtp protocol is not allowed | no longer accepts mail | not accepting network messages |`),
  ],
  [
    'suspended',
    phrases(`
      account disabled | account * disabled | mailbox disabled | mailbox * disabled | user disabled |
      user * disabled | recipient disabled | account is disabled | temporary locked | suspended | inactive | deactivated |
      not active | not activated | not been activated | dormant | account * locked | mailbox * locked |
      account locked | account closed | account has been closed | discontinued | account expired |
      account * expired | temporarily locked | temporarily disabled | blocked account | unpaid | is frozen |
      gesperrt | deaktiviert | compte * désactivé | boîte * désactivée | suspendu | desactivad | suspendid |
      deshabilitad | inabilitad | desativad | suspens | disabilitat | disattivat | sospes | gedeactiveerd |
      zablokowan | nieaktywn | アカウント*停止 | 利用停止 | 無効 | 停用 | 禁用 | 冻结 | 凍結 | 사용*중지 | 사용*정지 | 휴면 |
      заблокирован | отключен |`),
  ],
  [
    'spam',
    phrases(`
      spam | junk mail | unsolicited | bulk mail | bulk email | phish | suspicious | 迷惑メール | 垃圾邮件 | 垃圾郵件 |
      스팸 | спам | pourriel |`),
  ],
  [
    'host-unknown',
    phrases(`
      host unknown | unknown host | host not found | no such host | host * not found | no such domain |
      domain not found | domain * not found | domain * not exist | domain * doesn't exist |
      domain does not exist | domain is not | domain name * not | domain unknown | unknown domain |
      nxdomain | name service error | no mx | no valid mx | mx record | mail exchanger | mail domain |
      unrouteable mail domain | illegal host | bad destination host | bad destination system |
      destination system | couldn't find any host | could not find any host | could not find a gateway |
      couldn't find a gateway | cannot find a gateway | cannot find * domain | name or service not known |
      invalid domain | no route to domain | unable to look up | couldn't look up | host name lookup |
      unable to route | non-existent domain | nonexistent domain | not find * domain |
      domain * couldn't be found | domain * unknown | domäne * nicht gefunden | domain * nicht gefunden |
      domain * existiert nicht | unbekannte domain | unbekannter host | rechnername | domaine * n'existe |
      domaine inconnu | domaine * introuvable | hôte inconnu | dominio * no existe | dominio desconocido |
      dominio * no se | domínio * não | domínio desconhecido | dominio * non esiste |
      dominio * inesistente | dominio sconosciuto | domein * bestaat niet | domein * niet gevonden |
      onbekende host | onbekend domein | domena * nie istnieje | domeny nie | nieznany host |
      nieznana domena | ドメイン*存在 | ドメイン*見つか | ホスト*見つか | ホスト*存在 | 域名*不存在 | 域名*找不到 | 找不到*域 | 未知域名 | 网域*不存在 |
      도메인*없 | 도메인*찾을 | домен * не | домена не |`),
  ],
  [
    'user-unknown',
    phrases(`
      user unknown | unknown user | user is unknown | unknown to our system | no such user |
      no such recipient | no such address | no such mailbox | no such account | no such local |
      no such name | no such email | no such person | no mailbox | no user | no account | no recipient |
      no valid recipient | mailbox not found | mailbox unknown | mailbox unavailable |
      mailbox is unavailable | mailbox * not found | mailbox * unavailable | recipient unknown |
      unknown recipient | unknown address | address unknown | unknown local | unknown mailbox |
      unknown account | unknown email | unknown e-mail | unknown username | unknown name | unknown member |
      local user unknown | recipient * unknown | user * unknown | account * unknown | addressee unknown |
      invalid recipient | recipient * invalid | invalid user | invalid address | invalid mailbox |
      invalid local | invalid email | invalid e-mail | invalid login | invalid account | not a valid |
      isn't a valid | is not valid | not valid recipient | not a known | not a registered | not known at | not known here |
      not known to | is not known | isn't known | recipient not found | receiver not found | receiver unknown | recipient * not found |
      user not found | user * not found | address not found | address * not found | account not found |
      account * not found | wasn't found | couldn't be found | could not be found | cannot be found |
      can't be found | not be found | not found in | not listed | not in * directory | not recognized |
      not recognised | not exist | doesn't exist | no longer exist | doesn't have * account |
      does not have * account | do not have * account | not have an account | not our customer |
      not a customer | no longer available | no longer valid | no longer employed | no longer with |
      no longer on | no longer works | is no longer | has left | bad destination mailbox | bad recipient |
      bad address | bad local | address undeliverable | recipient address rejected: undeliverable |
      undeliverable address | recipient verification failed | recipient verify |
      unrouteable address | unroutable address | unknown or illegal | illegal alias | final delivery userid | illegal user |
      illegal address | unable to find | cannot find | can't find | can not find | non-existent |
      nonexistent | non existent | nobody here | no one here | nobody by that name | by that name |
      by this name | recipnotfound | resolver.adr | recipientnotfound | user doesn't |
      mistyped | misspelled | address is wrong | address error | vrfy |
      unrecognized | no valid cert | benutzer unbekannt | unbekannter benutzer | empfänger unbekannt |
      unbekannter empfänger | empfänger * nicht | adresse unbekannt | unbekannte adresse |
      adresse * existiert | existiert nicht | nicht gefunden | nicht bekannt | kein postfach |
      utilisateur inconnu | destinataire inconnu | adresse inconnue | compte inconnu | n'existe pas |
      n'existe plus | introuvable | inexistant | n'a pas été trouv |
      adresse d'au moins un destinataire invalide | invalide | usuario desconocido |
      destinatario desconocido | dirección * desconocida | no existe | no se ha encontrado |
      no se encontró | no se encuentra | no se pudo encontrar | inexistente | usuário desconhecido |
      destinatário desconhecido | não existe | não foi encontrad | não encontrad | utente sconosciuto |
      destinatario sconosciuto | non esiste | non trovato | non è stato trovato | impossibile trovare |
      onbekende gebruiker | gebruiker onbekend | ontvanger onbekend | onbekende ontvanger | bestaat niet |
      niet gevonden | nieznany użytkownik | użytkownik nieznany | nieznany odbiorca | nie istnieje |
      nie znaleziono | nie odnaleziono | nie można odnaleźć | brak użytkownika | ユーザ*不明 | ユーザ*見つか | ユーザ*存在 |
      ユーザ*いません | ユーザ*ありません | 存在しない | 存在しません | 存在致しません | 見つかりません | 見つからない | 見つかりませんでした | 宛先不明 | アドレス*間違 |
      リストにありません | 不存在 | 找不到 | 未找到 | 查無此 | 查无此 | 无此用户 | 無此 | 无效*地址 | 没有这个 | 존재하지 | 찾을 수 없 | 없는 사용자 |
      알 수 없는 사용자 | 없는 계정 | не существует | не найден | неизвестный пользователь | неизвестный получатель |
      нет такого | недействител | okänd användare | finns inte | hittades inte | okänd mottagare |
      findes ikke | blev ikke fundet | ukendt | finnes ikke | ukjent | ble ikke funnet | neexistuje |
      nebyl nalezen | neznámý | bulunamadı | mevcut değil | böyle bir kullanıcı | ei löydy | ei löytynyt |
      tuntematon | nem található | nem létezik | ismeretlen |`),
  ],
  [
    'refused',
    phrases(`
      access denied | access is denied | access * denied | permission denied | not authorized |
      not authorised | not permitted | not allowed | delivery not authorized | restricted | only accept |
      requires that all senders | do not have permission | don't have permission | permission to |
      refused by recipient | rejected by recipient | rejected by user |
      rejected by the user | blocked by recipient | whitelist | not on the list of | closed group |
      members only | member * only | not a member | not member | not subscribed | filter | 拒否 | 拒绝 | 拒絕 |
      거부 | keine berechtigung | nicht berechtigt | zugriff verweigert | pas autorisé | non autorisé |
      no tiene permiso | no autorizad | sem permissão | non autorizzat | geen toestemming | brak uprawnie |`),
  ],
  [
    'policy',
    phrases(`
      policy | policies | prohibited | violat | security reasons | administratively | restriction |
      rejected due to | tls required | encryption | starttls | richtlinie | stratégie | directiva |
      política | criteri | beleid | zasad |`),
  ],
  [
    'content',
    phrases(`
      content | attachment | not compliant | non-compliant | rfc 5322 | rfc 5321 | rfc5322 | rfc5321 |
      rfc 2822 | rfc2822 | rfc822 | rfc 822 | syntax | malformed | header | bare lf | 8bit | 8-bit |
      line too long | lines too long | missing | duplicate | duplicated | multiple from | bad sequence |
      command not recognized | command unrecognized | command not implemented | bad command |
      protocol error | encoding | charset | conversion | anhang | pièce jointe | adjunto | anexo |
      allegato | bijlage | załącznik | 添付 |`),
  ],
  [
    'expired',
    phrases(`
      expired | failed * attempts | too long | given up | giving up | too old | retry timeout | retry time |
      cannot send message | could not be delivered for | couldn't deliver * for | for the last |
      for more than | time limit | in the queue | within * days | within * hours | after * days |
      after * hours | over * days | during * days | delivery time | deliverytime | time out for |
      not delivered within | zustellversuch | tagen nicht | pendant | 期限 | 時間内 | 超时 | 시간*초과 | истек |`),
  ],
  [
    'network',
    phrases(`
      connection refused | connection timed out | timed out | time out | timeout | unreachable |
      no route to host | network | hop count | too many hops | hops | mail loop | mail loops | loop |
      lost connection | connection lost | connection reset | connection closed | connection dropped |
      connection died | connection * fail | could not connect | couldn't connect | failed to connect |
      unable to connect | cannot connect | can't connect | connect to | connect failed |
      connection attempt | not reachable | not respond | no response | not responding | didn't respond |
      not answer | unable to contact | couldn't talk | could not contact | smtp connection |
      no smtp connection | host is down | socket | tls handshake | tls * fail | verbindung | connexion |
      conexión | conexão | connessione | verbinding | połączeni | 接続 | 连接 | 連線 | 연결 | соединен |`),
  ],
  [
    'system',
    phrases(`
      system error | system * error | local error | local problem | local configuration | disk full |
      disk is full | insufficient | no space left | file system | filesystem | system resources |
      out of memory | resources | i/o error | read error | write error | input/output | internal error |
      internal server | internal software | software error | software caused | server error | mailer error |
      mailer * error | error code | exit status | exit code | status code | command died | died with |
      command failed | command * fail | returned error | service not available |
      service currently | service temporarily | not available | can't create | cannot create | can't open |
      cannot open | unable to open | pipe | procmail | configuration error | misconfig | temporarily |
      temporary | try again | try later | unavailable | greylist | graylist | deferred | overload | busy |
      maintenance | mailing list | alias | technische | vorübergehend | temporaire | temporal | temporár |
      temporaneo | tijdelijk | tymczasow | 一時 | 暂时 | 暫時 | 일시 |`),
  ],
];

/** A refusal of the recipient without another word, which is counted when neither words nor status say more. */
const PLAIN_WORDS: Rows = [['user-unknown', phrases('recipient address rejected | does not like recipient')]];

/** What is written on so much that it counts only when nothing else was told. */
const LAST_WORDS: Rows = [['system', phrases('service unavailable')]];

export const reasonFromLastWords = (text: string): FailureReason | null => reasonIn(LAST_WORDS, text);
export const reasonFromPlainWords = (text: string): FailureReason | null => reasonIn(PLAIN_WORDS, text);
export const reasonFromWords = (text: string): FailureReason | null => reasonIn(WORDS, text);

function reasonIn(rows: Rows, text: string): FailureReason | null {
  const folded = ` ${foldWords(text)} `;
  if (folded.trim() === '') return null;
  return rows.find(([, list]) => list.some((phrase) => holds(folded, phrase)))?.[0] ?? null;
}

/** Lower case, one space between words, addresses and typographic signs taken out. */
function foldWords(text: string): string {
  return text
    .slice(0, TEXT_MAX)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘`´]/g, "'")
    .replace(/[a-z0-9._%+=~!#$&*/?^{|}-]{1,64}@[a-z0-9.-]{1,255}/g, '@')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whether the parts of a phrase stand in the text one after the other, each near the one before. */
function holds(text: string, [first = '', ...rest]: Phrase): boolean {
  for (let at = text.indexOf(first); at >= 0; at = text.indexOf(first, at + 1)) {
    let end = at + first.length;
    const all = rest.every((part) => {
      const found = text.slice(end, end + GAP_MAX + part.length).indexOf(part);
      if (found < 0) return false;
      end += found + part.length;
      return true;
    });
    if (all) return true;
  }
  return false;
}
