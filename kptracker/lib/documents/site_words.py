"""What web sites write around a text: the words by which their lines are known."""

import re

#: Names and codes of languages, as in the bar of a site that has several.
LANGUAGES = {
    "en", "eng", "english", "anglais", "fr", "fra", "fre", "french", "français", "francais",
    "nl", "nld", "dutch", "nederlands", "de", "deu", "german", "deutsch", "es", "esp", "spa",
    "spanish", "español", "espanol", "pt", "por", "portuguese", "português", "portugues", "ar",
    "ara", "arabic", "arabe", "العربية", "ru", "rus", "russian", "русский", "it", "ita", "italiano",
    "zh", "中文", "sw", "kiswahili",
}  # fmt: skip

#: Ways to pass a page on, follow its makers, or act on it: a whole line of nothing else.
NETWORKS = (
    r"(?:facebook|twitter|x|linkedin|linked in|youtube|instagram|whatsapp|telegram|flickr|vimeo|"
    r"tiktok|mastodon|bluesky|pinterest|reddit|tumblr|rss|e-?mail|courriel|print|imprimer|pdf)"
)
AND = r"(?:[\s,/|•·&+-]|\band\b|\bet\b)*"
SHARING = re.compile(
    r"(?:"
    r"(?:please )?(?:follow|find|join|like) us\b(?: (?:on|at)\b.{0,60})?"
    r"|(?:suivez|retrouvez|rejoignez)[- ]nous\b(?: sur\b.{0,60})?"
    r"|(?:volg|síga|siga|sigue|síguenos|siga-nos|folgen sie)(?: ?ons| ?uns|-nos)?(?: .{0,40})?"
    r"|(?:share|tweet|pin|like|print|forward|send)(?: (?:this|by|it|with|on|via|to)\b.{0,40})?"
    r"|share:?|partage[rz]?(?: .{0,40})?|compart(?:ir|e|ilhar)(?: .{0,40})?|deel dit.{0,40}|teilen"
    r"|imprimer|envoyer(?: (?:par|à)\b.{0,30})?"
    rf"|{NETWORKS}(?:{AND}{NETWORKS}){{0,12}}"
    rf"|(?:share|follow|suivre|partager)(?: (?:on|sur))?{AND}{NETWORKS}(?:{AND}{NETWORKS}){{0,12}}"
    r"|(?:subscribe|sign up|s'abonner|abonnez-vous)\b.{0,60}"
    r"|تابعنا.{0,40}|تابعونا.{0,40}|شارك.{0,20}"
    r")[\s:!.…]*",
    re.IGNORECASE,
)

#: Where one may go from here.
NAVIGATION = re.compile(
    r"(?:"
    r"(?:skip|jump) to (?:main |the )?content|(?:back|return) to (?:the )?top|back to .{1,40}"
    r"|aller au contenu.{0,20}|haut de page|retour (?:à|au|en)\b.{0,40}|retour"
    r"|(?:read|see|learn|view|load|show) more|more\.{2,3}|lire (?:la suite|plus)|en savoir plus"
    r"|lees (?:meer|verder)|leer más|ler mais|saiba mais|weiterlesen|mehr (?:lesen|erfahren)"
    r"|(?:previous|next|older|newer)(?: (?:post|article|page|story))?|(?:article )?(?:précédent|"
    r"suivant)|volgende|vorige|zurück|weiter|siguiente|anterior|próximo"
    r"|home|homepage|accueil|startpagina|inicio|início|startseite|menu|search|rechercher?|zoeken"
    r"|(?:main|site|primary) (?:menu|navigation)|toggle (?:menu|navigation)|close|fermer|sitemap"
    r"|plan du site|log ?in|sign in|se connecter|connexion"
    r"|(?:leave a|\d+) (?:reply|comments?)|laisser un commentaire|\d+ commentaires?"
    r"|(?:tags?|categor(?:y|ies)|filed under|étiquettes?|catégories?|mots[- ]clés) ?:.{0,100}"
    r"|(?:related|recent|latest) (?:posts?|articles?|news|content|stories)"
    r"|articles (?:liés|récents)"
    r"|(?:download|télécharger)(?: (?:the |le |la |this |ce )?.{0,30})?(?: ?\(?pdf.{0,20})?"
    r"|click here.{0,40}|cliquez ici.{0,40}|privacy policy|terms (?:of use|and conditions)"
    r"|mentions légales|legal notice"
    r"|(?:©|\(c\) ?\d{4}|copyright\b).{0,100}|(?:all rights|tous droits) r[eé]serv.{0,20}"
    r"|(?:powered|propulsé) (?:by|par) .{1,40}"
    r")[\s:!.…»›>→]*",
    re.IGNORECASE,
)
#: Parts of a trail ("Home > News > Statements"): one of these makes the line a trail.
TRAIL = {"home", "accueil", "inicio", "início", "startseite", "about", "à propos", "contact"}

COOKIES = re.compile(r"\bcookies?\b|\btraceurs\b", re.IGNORECASE)
COOKIE_TALK = re.compile(
    r"\b(?:accept|agree|consent|use[sd]?|using|policy|settings|preferences|manage|website|site|"
    r"browser|accepte[rz]?|utilis\w*|politique|paramètres|gérer|refuser|reject|decline)\b",
    re.IGNORECASE,
)
COOKIE_BUTTON = re.compile(
    r"(?:accept|allow|reject|decline|refuse) (?:all|cookies)|(?:tout|tous) (?:accepter|refuser)"
    r"|(?:accepter|refuser) tout",
    re.IGNORECASE,
)

IMAGE = re.compile(
    r"\[?\(?(?:"
    r"(?:image|logo|photo|picture|banner|bannière|icon|icône|thumbnail|vignette|avatar)"
    r"(?: ?\d{1,3})?"
    r"|(?:image|logo|picture|banner|icon|alt) ?: ?.{1,100}|logo (?:of|de|du|des|kp|kpcsc)\b.{0,60}"
    r"|[\w .()-]{1,80}\.(?:png|jpe?g|gif|svg|webp)"
    r")\)?\]?",
    re.IGNORECASE,
)

#: Common words of languages in which no statement of the coalition is written. Two of them in a
#: short line that is no sentence, and the line belongs to the frame of a site.
THIRD_LANGUAGES = (
    {"u", "kan", "het", "een", "ook", "naar", "voor", "lees", "meer", "deze", "pagina", "bekijk",
     "onze", "ons", "zijn", "wij", "raadplegen", "van", "terug", "alle", "nieuws"},
    {"und", "der", "die", "das", "auf", "mehr", "zur", "zum", "diese", "seite", "lesen", "unsere",
     "ist", "für", "sie", "zurück", "alle", "nachrichten", "auch", "hier"},
    {"el", "los", "las", "más", "esta", "página", "leer", "nuestro", "nuestra", "también", "aquí",
     "noticias", "ver", "volver", "todas", "disponible", "en"},
    {"o", "os", "mais", "esta", "página", "ler", "nosso", "nossa", "também", "aqui", "notícias",
     "ver", "voltar", "todas", "em", "disponível"},
)  # fmt: skip
#: What an all-capitals heading says and a logo does not.
TITLE_WORDS = re.compile(
    r"\b(?:statement|declaration|déclaration|press|presse|communiqu[eé]|release|speech|discours|"
    r"remarks|address|allocution|letter|lettre|report|rapport|position|open|opening|closing|"
    r"discurso|comunicado|declaração|intervention|resolution|résolution|embargo|immediate)\b",
    re.IGNORECASE,
)
