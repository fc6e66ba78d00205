"""Data of collation: the root order of CLDR for the scripts of Europe, and the tailorings of its languages.

It comes from CLDR's ``common/collation`` (standard orders) and ``common/uca`` (root).
:mod:`missiongraph.names.collation` reads it.
"""

from __future__ import annotations

#: Signs, in order; they are sorted before digits and letters.
SIGNS = (
    "\t\n\v\f\r\u0085\u2028\u2029 _-\u2010\u2012–—―,;:!¡?¿.·'‹›\"«»()[]{}‖§¶@*/\\&#%‰†‡•′`´˜^¯˘˙¨¸˛°©®+±÷×<=>¬|¦~¤¢$£¥€"
)
DIGITS = "0123456789"

#: The letters of each script that differ by more than an accent.
SCRIPTS = {
    "Latn": "abcdeǝəɛfƒgǥhiıɨjklmnŋoɔpqĸrsʃtŧuʉvwxyzƶʒþƿʼǀ",
    "Grek": "αβγδεϝϛζηθιϳκλμνξοπϟϙρστυφχψωϡϸ",
    "Cyrl": "аәӕбвгғдђеєжзѕӡиҋійјкқлљмнњоөпрстћуүұфхһцчџшщъыьѣэюяѧѫѳѵ",
}

#: Combining marks, in order; all others are sorted after them.
MARKS = (
    "\u0332\u0313\u0314\u0301\u0300\u0306\u0302\u030c\u030a\u0342\u0308\u030b\u0303\u0307\u0338\u0327\u0328\u0304"
    "\u0335\u0305\u0309\u030f\u0310\u0311\u031b\u0321\u0322\u0323\u0324\u0325\u0326\u032d\u032e\u0330\u0331\u0334"
    "\u0339\u0345"
)

#: Letters that Unicode does not decompose, as CLDR weighs them: a letter, and a mark or a second letter.
ALIKE = {
    "đ": "d\u0335",
    "ħ": "h\u0335",
    "ł": "l\u0335",
    "ø": "o\u0338",
    "ґ": "г\u0338",
    "æ": "a\u20f0e",
    "œ": "o\u20f0e",
    "ð": "d\u20f0",
    "ſ": "s\u20f0",
    "ß": "s\u20f0s",
    "ς": "σ",
    "‘": "'\u20ec",
    "’": "'\u20ed",
    "‚": "'\u20ee",
    "‛": "'\u20ef",
    "“": '"\u20ec',
    "”": '"\u20ed',
    "„": '"\u20ee',
    "‟": '"\u20ef',
}

_CROATIAN = "[reorder Latn Cyrl] &c<č<ć &d<dž<đ &l<lj &n<nj &s<š &z<ž"
_NORDIC = "&d<<đ<<ð &t<<<þ/h &y<<ü<<ű "

#: The tailorings of languages, in the notation of LDML. Rules have small letters only; capitals are treated alike.
#:
#: - ``&c<č``: č is a letter of its own, after c; ``&[before 1]d<č``: before d
#: - ``&a<<ą``: ą differs from a as by an accent; ``&h<<<ħ``: ħ is a variant of h; ``&ș=ş``: both are equal
#: - ``&cs<<<ccs/cs``: ccs is a variant of cs, followed by another cs
#: - ``[reorder Cyrl]``: that script comes first; ``[caseFirst upper]``: capitals come first
TAILORINGS = {
    "be": "[reorder Cyrl] &е<ё &у<ў",
    "bg": "[reorder Cyrl]",
    "bs": _CROATIAN,
    "cs": "&c<č &h<ch<<<cH &r<ř &s<š &z<ž",
    "cy": "&c<ch &d<dd &f<ff &g<ng &l<ll &p<ph &r<rh &t<th",
    "da": "[caseFirst upper] &d<<đ<<ð &th<<<þ &y<<ü<<ű &[before 1]ǀ<æ<<ä<ø<<ö<<ő<å<<<aa &oe<<œ",
    "el": "[reorder Grek]",
    "es": "&n<ñ",
    "et": "&[before 1]t<š<z<ž &[before 1]x<õ<ä<ö<ü",
    "fi": "&d\u0335<<đ &g\u0335<<ǥ &n\u0335<<ŋ &t\u0335<<ŧ &y<<ü &z\u0335<<ʒ &[before 1]ǀ<å<ä<<æ<ö<<ø",
    "gl": "&n<ñ",
    "hr": _CROATIAN,
    "hu": (
        "&c<cs &d<dz<dzs &g<gy &l<ly &n<ny &s<sz &t<ty &z<zs &o<ö<<ő &u<ü<<ű &cs<<<ccs/cs &dz<<<ddz/dz "
        "&dzs<<<ddzs/dzs &gy<<<ggy/gy &ly<<<lly/ly &ny<<<nny/ny &sz<<<ssz/sz &ty<<<tty/ty &zs<<<zzs/zs"
    ),
    "is": (
        "&[before 1]b<á &d<<đ<ð &[before 1]f<é &[before 1]j<í &[before 1]p<ó &[before 1]v<ú &[before 1]z<ý "
        "&[before 1]ǀ<æ<<ä<ö<<ø<å"
    ),
    "lt": "&a<<ą &c<č &e<<ę<<ė &i<<į<<y &s<š &u<<ų<<ū &z<ž",
    "lv": "&a<ā &c<č &e<ē &g<ģ &i<y<ī &k<ķ &l<ļ &n<ņ &o<ō &r<ŗ &s<š &u<ū &z<ž",
    "mk": "[reorder Cyrl] &и<<й &ђ<ѓ &ћ<ќ",
    "mt": "[caseFirst upper] &[before 1]c<ċ &[before 1]g<ġ &[before 1]h<għ<<<gĦ &[before 1]i<ħ &[before 1]z<ż",
    "no": _NORDIC + "&[before 1]ǀ<æ<<ä<<ę<ø<<ö<<ő<<œ<å<<aa",
    "pl": "&a<ą &c<ć &e<ę &l<ł &n<ń &o<ó &s<ś &z<ź<ż",
    "ro": "&a<ă<â &i<î &s<ș=ş &t<ț=ţ",
    "ru": "[reorder Cyrl]",
    "sk": "&a<ä &c<č &h<ch<<<cH &o<ô &r<ř &s<š &z<ž",
    "sl": "&c<č<ć &d<đ &s<š &z<ž",
    "sq": (
        "&[before 1]d<ç &[before 1]e<dh &[before 1]f<ë &[before 1]h<gj &[before 1]m<ll &[before 1]o<nj "
        "&[before 1]s<rr &[before 1]t<sh &[before 1]u<th &[before 1]y<xh &[before 1]ʒ<zh"
    ),
    "sr": "[reorder Cyrl] &и<<й",
    "sr-latn": _CROATIAN,
    "sv": _NORDIC + "&[before 1]ǀ<å<ä<<æ<<ę<ö<<ø<<ő<<œ<<ô",
    "tr": "&c<ç &g<ğ &[before 1]i<ı &i<<<İ &o<ö &s<ş &u<ü",
    "uk": "[reorder Cyrl] &г<ґ &і<ї",
}
TAILORINGS |= {"nb": TAILORINGS["no"], "nn": TAILORINGS["no"]}
